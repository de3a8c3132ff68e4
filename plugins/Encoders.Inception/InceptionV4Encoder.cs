using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Inception;

/// <summary>Inception-v4.</summary>
/// <remarks>Szegedy et al. 2017, arXiv:1602.07261, figures 3 to 9. Member names are those of Cadene's pretrained models.</remarks>
[Encoder("inceptionv4")]
public sealed class InceptionV4Encoder : StagedEncoder
{
    private static readonly int[] s_maps = [2, 4, 8, 14];           // the layers whose maps a decoder takes, besides the last
    private readonly Sequential features;

    /// <summary>Builds the network.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public InceptionV4Encoder(EncoderOptions options) : base(options, [64, 192, 384, 1024, 1536], dilates: false)
    {
        features = Sequential(InceptionV4Layers.All(options.InChannels, pads: true));
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override IEnumerable<Tensor> Maps(Tensor input)
    {
        var x = input;
        for (var i = 0; i < features.Count; i++)
        {
            x = features[i].call(x);
            if (s_maps.Contains(i))
            {
                yield return x;                                     // (N, C, H/stride, W/stride)
            }
        }

        yield return x;
    }
}
