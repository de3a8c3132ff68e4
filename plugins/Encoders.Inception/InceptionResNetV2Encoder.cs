using Osteon.Abstractions;
using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Inception;

/// <summary>Inception-ResNet-v2.</summary>
/// <remarks>Szegedy et al. 2017, arXiv:1602.07261. Member names are those of Cadene's pretrained models.</remarks>
[Encoder("inceptionresnetv2")]
public sealed class InceptionResNetV2Encoder : StagedEncoder
{
    private readonly (string Key, Module<Tensor, Tensor> Part, bool IsMap)[] _parts;

    /// <summary>Builds the network.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public InceptionResNetV2Encoder(EncoderOptions options) : base(options, [64, 192, 320, 1088, 1536], dilates: false)
    {
        _parts = InceptionResNetV2Layers.All(options.InChannels, pads: true);
        foreach (var (key, part, _) in _parts)
        {
            register_module(key, part);
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<Tensor> Maps(Tensor input)
    {
        var x = input;
        foreach (var (_, part, isMap) in _parts)
        {
            x = part.forward(x);
            if (isMap)
            {
                yield return x;                                     // (N, C, H/stride, W/stride)
            }
        }
    }
}
