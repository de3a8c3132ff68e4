using Osteon.Models;
using TorchSharp.Modules;
using static Osteon.Plugins.Encoders.TResNet.TResNetEncoder;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.TResNet;

/// <summary>Two convolutions of 3×3. Keys: downsample, conv1, conv2, se.</summary>
internal sealed class BasicBlock : Module<Tensor, Tensor>
{
    private readonly Sequential? downsample;
    private readonly ConvNormAct conv1;
    private readonly BlurPool2d? _smooth;
    private readonly ConvNormAct conv2;
    private readonly SqueezeExcite se;

    public BasicBlock(TResNetVariant variant, int stage, int inChannels, int stride) : base(nameof(BasicBlock))
    {
        var channels = variant.Inner(stage);
        downsample = Layers.Shortcut(inChannels, channels, stride);
        conv1 = Layers.Active(inChannels, channels, 3);
        _smooth = stride > 1 ? new BlurPool2d(stride) : null;
        conv2 = new ConvNormAct(channels, channels, 3);
        se = new SqueezeExcite(channels, Math.Max(channels / 4, Layers.LeastSqueezed));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = conv1.forward(input);
        x = se.forward(conv2.forward(_smooth?.forward(x) ?? x));
        return functional.relu(x + (downsample?.forward(input) ?? input)).MoveToOuterDisposeScope();
    }
}

/// <summary>A convolution of 3×3 between two of 1×1. Keys: downsample, conv1, conv2, se, conv3.</summary>
internal sealed class BottleneckBlock : Module<Tensor, Tensor>
{
    private readonly Sequential? downsample;
    private readonly ConvNormAct conv1;
    private readonly ConvNormAct conv2;
    private readonly BlurPool2d? _smooth;
    private readonly SqueezeExcite? se;
    private readonly ConvNormAct conv3;

    public BottleneckBlock(TResNetVariant variant, int stage, int inChannels, int stride) : base(nameof(BottleneckBlock))
    {
        var (inner, channels) = (variant.Inner(stage), variant.ChannelsOf(stage));
        downsample = Layers.Shortcut(inChannels, channels, stride);
        conv1 = Layers.Active(inChannels, inner, 1);
        conv2 = Layers.Active(inner, inner, 3);
        _smooth = stride > 1 ? new BlurPool2d(stride) : null;
        se = stage < 3 ? new SqueezeExcite(inner, Math.Max(channels / 8, Layers.LeastSqueezed)) : null;
        conv3 = new ConvNormAct(inner, channels, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = conv2.forward(conv1.forward(input));
        x = _smooth?.forward(x) ?? x;
        x = conv3.forward(se?.forward(x) ?? x);
        return functional.relu(x + (downsample?.forward(input) ?? input)).MoveToOuterDisposeScope();
    }
}

/// <summary>What both kinds of block have.</summary>
internal static class Layers
{
    /// <summary>Squeeze-and-excitation keeps as many channels at least.</summary>
    public const int LeastSqueezed = 64;

    private const double Slope = 1e-3;

    /// <summary>A convolution, a normalisation and a leaky ReLU.</summary>
    public static ConvNormAct Active(int inChannels, int outChannels, int kernel) => new(inChannels, outChannels, kernel, activation: LeakyReLU(Slope, inplace: true));

    /// <summary>An average where it halves, then a pointwise convolution; null where the input itself goes around.</summary>
    public static Sequential? Shortcut(int inChannels, int outChannels, int stride) =>
        stride > 1 ? Sequential(AvgPool2d(2, 2, ceil_mode: true, count_include_pad: false), new ConvNormAct(inChannels, outChannels, 1))
        : inChannels == outChannels ? null : Sequential(new ConvNormAct(inChannels, outChannels, 1));
}
