using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.SENet;

/// <summary>SENet, SE-ResNet and SE-ResNeXt as Cadene's pretrained models have them, whose weights load unmapped.</summary>
/// <remarks>
/// Hu, Shen, Sun 2018, arXiv:1709.01507. As in the Caffe originals, the max-pool rounds up instead of padding, and SE-ResNet's stride
/// lies in the first 1×1 convolution of a block.
/// </remarks>
[Encoder("senet154")]
[Encoder("se_resnet50")]
[Encoder("se_resnet101")]
[Encoder("se_resnet152")]
[Encoder("se_resnext50_32x4d")]
[Encoder("se_resnext101_32x4d")]
public sealed class SENetEncoder : StagedEncoder
{
    private readonly Sequential layer0, layer1, layer2, layer3, layer4;

    /// <summary>Builds the variant that the options name.</summary>
    /// <exception cref="ConfigurationException">Another name, or an option outside what is allowed.</exception>
    public SENetEncoder(EncoderOptions options) : base(options, [SENetVariant.Named(options.Name).StemChannels, 256, 512, 1024, 2048])
    {
        var variant = SENetVariant.Named(options.Name);
        layer0 = variant.Stem(options.InChannels);
        layer1 = variant.Stage(0);
        layer2 = variant.Stage(1);
        layer3 = variant.Stage(2);
        layer4 = variant.Stage(3);
        RegisterComponents();
        Dilation.Apply(options.OutputStride, (16, layer3), (32, layer4));
    }

    /// <inheritdoc/>
    protected override IEnumerable<Tensor> Maps(Tensor input)
    {
        var x = layer0.forward(input);
        yield return x;                                             // (N, 64 or 128, H/2, W/2)
        x = functional.max_pool2d(x, 3, 2, ceil_mode: true);
        foreach (var layer in new[] { layer1, layer2, layer3, layer4 })
        {
            x = layer.forward(x);
            yield return x;                                         // (N, C, H/stride, W/stride)
        }
    }
}
