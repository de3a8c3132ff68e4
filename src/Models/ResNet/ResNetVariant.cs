using Osteon.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>A residual network of torchvision's making: ResNet, ResNeXt, Wide ResNet; its four stages, which several families share.</summary>
/// <param name="Blocks">Blocks in each of the four stages.</param>
/// <param name="Bottleneck">Blocks of three convolutions instead of two.</param>
/// <param name="Groups">Groups of the 3×3 convolution in a bottleneck.</param>
/// <param name="GroupWidth">Channels a group at the first stage; 64 gives the plain width.</param>
/// <remarks>He et al. 2016, arXiv:1512.03385, table 1; Xie et al. 2017, arXiv:1611.05431; Zagoruyko, Komodakis 2016, arXiv:1605.07146.</remarks>
public sealed record ResNetVariant(IReadOnlyList<int> Blocks, bool Bottleneck, int Groups = 1, int GroupWidth = 64)
{
    /// <summary>Channels out of a block for each channel of its stage's base width.</summary>
    public int Expansion => Bottleneck ? 4 : 1;

    /// <summary>The variant a name stands for.</summary>
    /// <exception cref="ConfigurationException">No variant has that name.</exception>
    public static ResNetVariant Named(string name) => name switch
    {
        "resnet10" => new([1, 1, 1, 1], Bottleneck: false),
        "resnet14" => new([1, 1, 1, 1], Bottleneck: true),
        "resnet18" => new([2, 2, 2, 2], Bottleneck: false),
        "resnet26" => new([2, 2, 2, 2], Bottleneck: true),
        "resnet34" => new([3, 4, 6, 3], Bottleneck: false),
        "resnet50" => new([3, 4, 6, 3], Bottleneck: true),
        "resnet101" => new([3, 4, 23, 3], Bottleneck: true),
        "resnet152" => new([3, 8, 36, 3], Bottleneck: true),
        "resnet200" => new([3, 24, 36, 3], Bottleneck: true),
        "resnet269" => new([3, 30, 48, 8], Bottleneck: true),
        "resnext26_32x4d" => new([2, 2, 2, 2], Bottleneck: true, 32, 4),
        "resnext50_32x4d" => new([3, 4, 6, 3], Bottleneck: true, 32, 4),
        "resnext101_32x4d" => new([3, 4, 23, 3], Bottleneck: true, 32, 4),
        "resnext101_32x8d" => new([3, 4, 23, 3], Bottleneck: true, 32, 8),
        "resnext101_32x16d" => new([3, 4, 23, 3], Bottleneck: true, 32, 16),
        "resnext101_32x32d" => new([3, 4, 23, 3], Bottleneck: true, 32, 32),
        "resnext101_32x48d" => new([3, 4, 23, 3], Bottleneck: true, 32, 48),
        "resnext101_64x4d" => new([3, 4, 23, 3], Bottleneck: true, 64, 4),
        "wide_resnet50_2" => new([3, 4, 6, 3], Bottleneck: true, 1, 128),
        "wide_resnet101_2" => new([3, 4, 23, 3], Bottleneck: true, 1, 128),
        _ => throw new ConfigurationException($"encoder '{name}' is no ResNet that is known here."),
    };

    /// <summary>Channels out of a stage, 0 to 3.</summary>
    public int Channels(int stage) => (64 << stage) * Expansion;

    /// <summary>A stage. Keys: the number of a block, then the block's.</summary>
    /// <param name="index">0 to 3.</param>
    /// <param name="stride">Of the first block.</param>
    /// <param name="firstDilation">Of the first block; torchvision and timm give it the dilation of the stage before.</param>
    /// <param name="dilation">Of the other blocks.</param>
    public Sequential Stage(int index, int stride, int firstDilation = 1, int dilation = 1)
    {
        var (width, channels) = (64 << index, index == 0 ? 64 : Channels(index - 1));
        var blocks = new Module<Tensor, Tensor>[Blocks[index]];
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = Block(channels, width, i == 0 ? stride : 1, i == 0 ? firstDilation : dilation, dilation);
            channels = Channels(index);
        }

        return Sequential(blocks);
    }

    /// <summary>The four stages with dilation instead of strides beyond an output stride, as timm and torchvision build them.</summary>
    public IReadOnlyList<Sequential> DilatedStages(int outputStride) =>
        [.. StagePlace.ForStride(outputStride).Select((place, index) => Stage(index, place.Stride, place.FirstDilation, place.Dilation))];

    /// <summary>A block of the variant's kind.</summary>
    public Module<Tensor, Tensor> Block(ResidualPlace place) => Bottleneck
        ? new BottleneckBlock(place.InChannels, place.Width * GroupWidth / 64 * Groups, place.Width * Expansion, Groups, place.Stride, place.FirstDilation, place.Shortcut)
        : new BasicBlock(place.InChannels, place.Width, place.Stride, place.FirstDilation, place.Dilation, place.Shortcut);

    /// <summary>A block of the variant's kind with what timm's have beyond torchvision's.</summary>
    public Module<Tensor, Tensor> Block(ResidualPlace place, ResidualExtras extras) => Bottleneck
        ? new AttentiveBottleneck(place, place.Width * GroupWidth / 64 * Groups, Groups, extras)
        : new AttentiveBasicBlock(place, extras);

    private Module<Tensor, Tensor> Block(int channels, int width, int stride, int firstDilation, int dilation) =>
        Block(new ResidualPlace(channels, width, stride, firstDilation, dilation, Shortcut.For(channels, width * Expansion, stride)));
}
