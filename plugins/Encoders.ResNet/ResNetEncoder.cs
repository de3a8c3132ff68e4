using Osteon.Abstractions;
using Osteon.Models;
using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ResNet;

/// <summary>ResNet, ResNeXt and Wide ResNet as torchvision builds them, without the classifier; all four stages exist at any depth, as in SMP.</summary>
/// <remarks>Member names are torchvision's.</remarks>
[Encoder("resnet18")]
[Encoder("resnet34")]
[Encoder("resnet50")]
[Encoder("resnet101")]
[Encoder("resnet152")]
[Encoder("resnext50_32x4d")]
[Encoder("resnext101_32x4d")]
[Encoder("resnext101_32x8d")]
[Encoder("resnext101_32x16d")]
[Encoder("resnext101_32x32d")]
[Encoder("resnext101_32x48d")]
[Encoder("resnext101_64x4d")]
[Encoder("wide_resnet50_2")]
[Encoder("wide_resnet101_2")]
public sealed class ResNetEncoder : StagedEncoder
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Sequential layer1, layer2, layer3, layer4;

    /// <summary>Builds the variant that the options name.</summary>
    /// <exception cref="ConfigurationException">Another name, or an option outside what is allowed.</exception>
    public ResNetEncoder(EncoderOptions options)
        : base(options, [64, .. Enumerable.Range(0, 4).Select(ResNetVariant.Named(options.Name).Channels)])
    {
        var variant = ResNetVariant.Named(options.Name);
        conv1 = Conv2d(options.InChannels, 64, 7, stride: 2, padding: 3, bias: false);
        bn1 = BatchNorm2d(64);
        layer1 = variant.Stage(0, stride: 1);
        layer2 = variant.Stage(1, stride: 2);
        layer3 = variant.Stage(2, stride: 2);
        layer4 = variant.Stage(3, stride: 2);
        RegisterComponents();
        Initialization.Encoder(this);
        Dilation.Apply(options.OutputStride, (16, layer3), (32, layer4));
    }

    /// <inheritdoc/>
    protected override IEnumerable<Tensor> Maps(Tensor input)
    {
        var x = ConvolutionLayers.Rectified(conv1, bn1, input);
        yield return x;                                             // (N, 64, H/2, W/2)
        x = functional.max_pool2d(x, 3, 2, 1);
        foreach (var layer in new[] { layer1, layer2, layer3, layer4 })
        {
            x = layer.forward(x);
            yield return x;                                         // (N, C, H/stride, W/stride)
        }
    }
}
