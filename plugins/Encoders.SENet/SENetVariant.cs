using Osteon.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.SENet;

/// <summary>What the variants differ in.</summary>
internal enum SEBlockKind
{
    /// <summary>SENet-154: both inner widths grow, the stride in the 3×3 convolution.</summary>
    SENet,

    /// <summary>The stride in the first 1×1 convolution.</summary>
    ResNet,

    /// <summary>Two 3×3 convolutions.</summary>
    Basic,

    /// <summary>Narrow groups, the stride in the 3×3 convolution.</summary>
    ResNeXt,
}

/// <param name="Kind">Of its blocks.</param>
/// <param name="Blocks">Blocks in each of the four stages.</param>
/// <param name="Groups">Of the 3×3 convolutions.</param>
internal sealed record SENetVariant(SEBlockKind Kind, IReadOnlyList<int> Blocks, int Groups)
{
    private int Expansion => Kind == SEBlockKind.Basic ? 1 : 4;

    public int StemChannels => Deep ? 128 : 64;

    /// <summary>SENet-154 has a stem of three convolutions, and 3×3 convolutions around the strides.</summary>
    private bool Deep => Kind == SEBlockKind.SENet;

    /// <summary>Of the stem and the four stages.</summary>
    public int[] Channels => [StemChannels, .. Enumerable.Range(0, Blocks.Count).Select(stage => (64 << stage) * Expansion)];

    public static SENetVariant Named(string name) => name switch
    {
        "senet154" => new(SEBlockKind.SENet, [3, 8, 36, 3], 64),
        "se_resnet18" => new(SEBlockKind.Basic, [2, 2, 2, 2], 1),
        "se_resnet34" => new(SEBlockKind.Basic, [3, 4, 6, 3], 1),
        "se_resnext26_32x4d" => new(SEBlockKind.ResNeXt, [2, 2, 2, 2], 32),
        "se_resnet50" => new(SEBlockKind.ResNet, [3, 4, 6, 3], 1),
        "se_resnet101" => new(SEBlockKind.ResNet, [3, 4, 23, 3], 1),
        "se_resnet152" => new(SEBlockKind.ResNet, [3, 8, 36, 3], 1),
        "se_resnext50_32x4d" => new(SEBlockKind.ResNeXt, [3, 4, 6, 3], 32),
        "se_resnext101_32x4d" => new(SEBlockKind.ResNeXt, [3, 4, 23, 3], 32),
        _ => throw new ConfigurationException($"encoder '{name}' is no SENet that is known here."),
    };

    public Sequential Stem(int inChannels) => Deep
        ? Sequential(
            ("conv1", Conv2d(inChannels, 64, 3, stride: 2, padding: 1, bias: false)), ("bn1", BatchNorm2d(64)), ("relu1", ReLU(inplace: true)),
            ("conv2", Conv2d(64, 64, 3, padding: 1, bias: false)), ("bn2", BatchNorm2d(64)), ("relu2", ReLU(inplace: true)),
            ("conv3", Conv2d(64, StemChannels, 3, padding: 1, bias: false)), ("bn3", BatchNorm2d(StemChannels)), ("relu3", ReLU(inplace: true)))
        : Sequential(
            ("conv1", Conv2d(inChannels, StemChannels, 7, stride: 2, padding: 3, bias: false)), ("bn1", BatchNorm2d(StemChannels)), ("relu1", ReLU(inplace: true)));

    /// <summary>A stage, 0 to 3.</summary>
    public Sequential Stage(int index)
    {
        var (width, channels, stride) = (64 << index, index == 0 ? StemChannels : (32 << index) * Expansion, index == 0 ? 1 : 2);
        var blocks = new Module<Tensor, Tensor>[Blocks[index]];
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = i == 0
                ? Block(channels, width, stride, stride == 1 && channels == width * Expansion ? null : Shortcut(channels, width * Expansion, stride))
                : Block(width * Expansion, width, 1, null);
        }

        return Sequential(blocks);
    }

    private Module<Tensor, Tensor> Block(int channels, int width, int stride, Sequential? shortcut)
    {
        if (Kind == SEBlockKind.Basic)
        {
            return new SEBasicBlock(channels, width, stride, shortcut);
        }

        var (first, second) = Kind switch
        {
            SEBlockKind.SENet => (width * 2, width * 4),
            SEBlockKind.ResNeXt => (width / 16 * Groups, width / 16 * Groups),
            _ => (width, width),
        };
        var strides = Kind == SEBlockKind.ResNet ? (stride, 1) : (1, stride);
        return new SEBottleneck(channels, first, second, width * Expansion, Groups, strides, shortcut);
    }

    private Sequential Shortcut(int inChannels, int outChannels, int stride)
    {
        var kernel = Deep && stride > 1 ? 3 : 1;
        return Sequential(Conv2d(inChannels, outChannels, kernel, stride: stride, padding: kernel / 2, bias: false), BatchNorm2d(outChannels));
    }
}
