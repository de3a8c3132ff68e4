using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.SKNet;

/// <summary>Residual networks with selective kernels, as SMP builds them of timm's blocks.</summary>
/// <remarks>Li et al. 2019, arXiv:1903.06586.</remarks>
[Encoder("timm-skresnet18")]
[Encoder("timm-skresnet34")]
[Encoder("timm-skresnext50_32x4d")]
public sealed class SKNetEncoder : StagedEncoder
{
    private readonly Module<Tensor, Tensor> conv1;
    private readonly BatchNorm2d bn1;
    private readonly Sequential layer1, layer2, layer3, layer4;

    /// <summary>Builds the variant that the options name.</summary>
    /// <exception cref="ConfigurationException">Another name, or an option outside what is allowed.</exception>
    public SKNetEncoder(EncoderOptions options) : base(options, SKVariant.Named(options.Name).Features.Channels)
    {
        var (plan, places) = (SKVariant.Named(options.Name), StagePlace.ForStride(32));
        conv1 = plan.Stem(options.InChannels);
        bn1 = BatchNorm2d(plan.StemChannels);
        layer1 = plan.Stage(0, places[0]);
        layer2 = plan.Stage(1, places[1]);
        layer3 = plan.Stage(2, places[2]);
        layer4 = plan.Stage(3, places[3]);
        RegisterComponents();
        Initialization.Convolutions(this);
        Dilation.Apply(options.OutputStride, (16, layer3), (32, layer4));
    }

    /// <inheritdoc/>
    protected override IEnumerable<Tensor> Maps(Tensor input)
    {
        var x = functional.relu(bn1.forward(conv1.forward(input)), inplace: true);
        yield return x;                                             // (N, 64, H/2, W/2)
        x = functional.max_pool2d(x, 3, 2, 1);
        foreach (var layer in new[] { layer1, layer2, layer3, layer4 })
        {
            x = layer.forward(x);
            yield return x;                                         // (N, C, H/stride, W/stride)
        }
    }
}

/// <summary>The same as timm builds them.</summary>
[Encoder("tu-skresnet18")]
[Encoder("tu-skresnet34")]
[Encoder("tu-skresnet50")]
[Encoder("tu-skresnet50d")]
[Encoder("tu-skresnext50_32x4d")]
public sealed class TimmSKNetEncoder(EncoderOptions options)
    : TimmEncoder(options, SKVariant.Named(options.Name).Features, new TimmResNet(options, SKVariant.Named(options.Name)));
