using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.VGG;

/// <summary>VGG as torchvision builds it, without the classifier. Its first map has the size of the input; the last is the last pooling's.</summary>
/// <remarks>Simonyan, Zisserman 2015, arXiv:1409.1556, table 1: columns A, B, D, E. Member names are torchvision's.</remarks>
[Encoder("vgg11")]
[Encoder("vgg11_bn")]
[Encoder("vgg13")]
[Encoder("vgg13_bn")]
[Encoder("vgg16")]
[Encoder("vgg16_bn")]
[Encoder("vgg19")]
[Encoder("vgg19_bn")]
public sealed class VGGEncoder : StagedEncoder
{
    /// <summary>Channels of each stage.</summary>
    internal static readonly int[] Widths = [64, 128, 256, 512, 512];

    private readonly Sequential features;

    /// <summary>Builds the variant that the options name.</summary>
    /// <exception cref="ConfigurationException">Another name, or an option outside what is allowed.</exception>
    public VGGEncoder(EncoderOptions options) : base(options, [.. Widths, Widths[^1]], dilates: false)
    {
        features = Sequential(Layers(options.InChannels, options.Name));
        RegisterComponents();
        Initialization.Encoder(this);
    }

    /// <inheritdoc/>
    protected override IEnumerable<Tensor> Maps(Tensor input)
    {
        var x = input;
        for (var i = 0; i < features.Count; i++)
        {
            var layer = features[i];
            if (layer is MaxPool2d)
            {
                yield return x;                                     // (N, C, H/stride, W/stride)
            }

            x = layer.call(x);
        }

        yield return x;
    }

    private static int[] Convolutions(string name) => name.Split('_')[0] switch
    {
        "vgg11" => [1, 1, 2, 2, 2],
        "vgg13" => [2, 2, 2, 2, 2],
        "vgg16" => [2, 2, 3, 3, 3],
        "vgg19" => [2, 2, 4, 4, 4],
        _ => throw new ConfigurationException($"encoder '{name}' is no VGG that is known here."),
    };

    /// <summary>The layers of a name, in order, a pooling behind each stage.</summary>
    internal static IEnumerable<Module<Tensor, Tensor>> Layers(int channels, string name)
    {
        var normalised = name.EndsWith("_bn", StringComparison.Ordinal);
        foreach (var (width, count) in Widths.Zip(Convolutions(name)))
        {
            for (var i = 0; i < count; i++)
            {
                yield return Conv2d(channels, width, 3, padding: 1);
                if (normalised)
                {
                    yield return BatchNorm2d(width);
                }

                yield return ReLU(inplace: true);
                channels = width;
            }

            yield return MaxPool2d(2, 2);
        }
    }
}
