using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MobileNet;

/// <summary>MobileNetV2 as torchvision builds it, without the classifier.</summary>
/// <remarks>Sandler et al. 2018, arXiv:1801.04381, table 2. Member names are torchvision's.</remarks>
[Encoder("mobilenet_v2")]
public sealed class MobileNetV2Encoder : SmpEncoder
{
    private static readonly int[] s_mapsAfter = [1, 3, 6, 13, 18];

    // Expansion, channels, blocks, stride of each stage.
    private static readonly (int Expansion, int Channels, int Blocks, int Stride)[] s_stages =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    private readonly Sequential features;

    /// <summary>Builds it.</summary>
    /// <exception cref="ConfigurationException">A depth outside 1–5, or an output stride other than 8, 16 and 32.</exception>
    public MobileNetV2Encoder(EncoderOptions options) : base(options, [16, 24, 32, 96, 1280])
    {
        var parts = new List<Module<Tensor, Tensor>> { Convolution(options.InChannels, 32, 3, stride: 2) };
        var channels = 32;
        foreach (var (expansion, width, blocks, stride) in s_stages)
        {
            for (var i = 0; i < blocks; i++)
            {
                parts.Add(new InvertedResidual(channels, width, expansion, i == 0 ? stride : 1));
                channels = width;
            }
        }

        parts.Add(Convolution(channels, 1280, 1));
        features = Sequential(parts);
        RegisterComponents();
        Initialization.Encoder(this);
        Dilation.Apply(options.OutputStride, [.. parts.Skip(7).Select((part, i) => (i < 7 ? 16 : 32, (Module)part))]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (maps, x) = (new List<Tensor>(), input);
        var last = s_mapsAfter[Depth - 1];
        // In training the reference also runs the next stage, whose running statistics move with it.
        var through = training ? s_mapsAfter[Math.Min(Depth, s_mapsAfter.Length - 1)] : last;
        for (var i = 0; i <= through; i++)
        {
            using var unused = i <= last ? null : no_grad();
            x = features[i].call(x);
            if (i <= last && s_mapsAfter.Contains(i))
            {
                maps.Add(x);
            }
        }

        return [input, .. maps.MoveToOuterDisposeScope()];
    }

    /// <summary>Convolution, normalisation, ReLU6. Keys: 0, 1.</summary>
    internal static Sequential Convolution(int inChannels, int outChannels, int kernel, int stride = 1, int groups = 1) => Sequential(
        Conv2d(inChannels, outChannels, kernel, stride: stride, padding: kernel / 2, groups: groups, bias: false), BatchNorm2d(outChannels), ReLU6(inplace: true));
}
