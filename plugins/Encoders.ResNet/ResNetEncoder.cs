using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
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
public sealed class ResNetEncoder : Encoder
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Sequential layer1, layer2, layer3, layer4;
    private readonly int _depth;

    /// <summary>Builds the variant that the options name.</summary>
    /// <exception cref="ConfigurationException">Another name, a depth outside 3–5, or an output stride other than 8, 16 and 32.</exception>
    public ResNetEncoder(EncoderOptions options)
        : base(options.Name, ChannelsOf(options), StridesOf(options))
    {
        var variant = ResNetVariant.Named(options.Name);
        _depth = options.Depth;
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
    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var maps = new List<Tensor>();
        var x = functional.relu(bn1.forward(conv1.forward(input)), inplace: true);
        maps.Add(x);                                                // (N, 64, H/2, W/2)
        x = functional.max_pool2d(x, 3, 2, 1);
        foreach (var layer in new[] { layer1, layer2, layer3, layer4 }.Take(_depth - 1))
        {
            x = layer.forward(x);
            maps.Add(x);                                            // (N, C, H/stride, W/stride)
        }

        return [input, .. maps.MoveToOuterDisposeScope()];
    }

    private static int[] ChannelsOf(EncoderOptions options)
    {
        var variant = ResNetVariant.Named(options.Name);
        int[] all = [options.InChannels, 64, .. Enumerable.Range(0, 4).Select(variant.Channels)];
        return all[..(Checked(options).Depth + 1)];
    }

    private static int[] StridesOf(EncoderOptions options) =>
        [.. Enumerable.Range(0, options.Depth + 1).Select(stage => Math.Min(1 << stage, options.OutputStride))];

    private static EncoderOptions Checked(EncoderOptions options) => options switch
    {
        { InChannels: < 1 } => throw new ConfigurationException($"encoder {options.Name}: in_channels {options.InChannels} must be at least 1."),
        { Depth: < 3 or > 5 } => throw new ConfigurationException($"encoder {options.Name}: depth {options.Depth} must be 3, 4 or 5."),
        { OutputStride: not (8 or 16 or 32) } => throw new ConfigurationException($"encoder {options.Name}: output stride {options.OutputStride} must be 8, 16 or 32."),
        _ => options,
    };
}
