using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.DenseNet;

/// <summary>DenseNet as torchvision builds it, without the classifier. A map is what a transition has normalised, before it reduces channels and size.</summary>
/// <remarks>Huang et al. 2017, arXiv:1608.06993, table 1. Member names are torchvision's.</remarks>
[Encoder("densenet121")]
[Encoder("densenet161")]
[Encoder("densenet169")]
[Encoder("densenet201")]
public sealed class DenseNetEncoder : StagedEncoder
{
    private readonly DenseFeatures features;

    /// <summary>Builds the variant that the options name.</summary>
    /// <exception cref="ConfigurationException">Another name, or an option outside what is allowed.</exception>
    public DenseNetEncoder(EncoderOptions options) : base(options, DenseNetVariant.Named(options.Name).Channels, dilates: false)
    {
        features = new DenseFeatures(options.InChannels, DenseNetVariant.Named(options.Name));
        RegisterComponents();
        apply(part =>
        {
            if (part is Conv2d convolution)
            {
                init.kaiming_normal_(convolution.weight);           // by fan in, as torchvision draws this family
            }
        });
    }

    /// <inheritdoc/>
    protected override IEnumerable<Tensor> Maps(Tensor input) => features.Maps(input);
}
