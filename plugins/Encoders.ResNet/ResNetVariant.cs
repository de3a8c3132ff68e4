using Osteon.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ResNet;

/// <summary>One column of table 1.</summary>
/// <param name="Blocks">Blocks in each of the four stages.</param>
/// <param name="Bottleneck">Blocks of three convolutions instead of two.</param>
/// <param name="Groups">Groups of the 3×3 convolution in a bottleneck.</param>
/// <param name="GroupWidth">Channels a group at the first stage.</param>
internal sealed record ResNetVariant(int[] Blocks, bool Bottleneck, int Groups = 1, int GroupWidth = 64)
{
    /// <summary>Channels out of a block for each channel of its stage's base width.</summary>
    public int Expansion => Bottleneck ? 4 : 1;

    /// <summary>The variant a name stands for.</summary>
    /// <exception cref="ConfigurationException">No variant has that name.</exception>
    public static ResNetVariant Named(string name) => name switch
    {
        "resnet18" => new([2, 2, 2, 2], Bottleneck: false),
        "resnet34" => new([3, 4, 6, 3], Bottleneck: false),
        "resnet50" => new([3, 4, 6, 3], Bottleneck: true),
        "resnet101" => new([3, 4, 23, 3], Bottleneck: true),
        "resnet152" => new([3, 8, 36, 3], Bottleneck: true),
        "resnext50_32x4d" => new([3, 4, 6, 3], Bottleneck: true, 32, 4),
        "resnext101_32x4d" => new([3, 4, 23, 3], Bottleneck: true, 32, 4),
        "resnext101_32x8d" => new([3, 4, 23, 3], Bottleneck: true, 32, 8),
        "resnext101_32x16d" => new([3, 4, 23, 3], Bottleneck: true, 32, 16),
        "resnext101_32x32d" => new([3, 4, 23, 3], Bottleneck: true, 32, 32),
        "resnext101_32x48d" => new([3, 4, 23, 3], Bottleneck: true, 32, 48),
        _ => throw new ConfigurationException($"encoder '{name}' is no ResNet that is known here."),
    };

    /// <summary>A stage; the first block halves the size, except in stage 0, which follows the max-pool, and in dilated stages.</summary>
    /// <param name="index">0 to 3.</param>
    /// <param name="dilation">1, or how far apart a dilated stage's 3×3 kernels reach, from the first block on, as SMP has it.</param>
    /// <param name="channels">Channels in; channels out afterwards.</param>
    public Sequential Stage(int index, int dilation, ref int channels)
    {
        var width = 64 << index;
        var blocks = new Module<Tensor, Tensor>[Blocks[index]];
        for (var i = 0; i < blocks.Length; i++)
        {
            var stride = i == 0 && index > 0 && dilation == 1 ? 2 : 1;
            blocks[i] = Bottleneck
                ? new BottleneckBlock(channels, width, width * GroupWidth / 64 * Groups, Groups, stride, dilation)
                : new BasicBlock(channels, width, stride, dilation);
            channels = width * Expansion;
        }

        return Sequential(blocks);
    }
}
