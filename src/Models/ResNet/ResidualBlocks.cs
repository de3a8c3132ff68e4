using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>Two 3×3 convolutions beside a shortcut; torchvision's BasicBlock. Keys: conv1, bn1, conv2, bn2, downsample.</summary>
public sealed class BasicBlock : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Module<Tensor, Tensor>? downsample;

    /// <summary>Gives <paramref name="width"/> channels.</summary>
    /// <param name="inChannels">Channels in.</param>
    /// <param name="width">Channels out.</param>
    /// <param name="stride">Of the first convolution.</param>
    /// <param name="firstDilation">Of the first convolution.</param>
    /// <param name="dilation">Of the second.</param>
    /// <param name="shortcut">Null: the input itself goes around.</param>
    public BasicBlock(int inChannels, int width, int stride, int firstDilation, int dilation, Module<Tensor, Tensor>? shortcut) : base(nameof(BasicBlock))
    {
        conv1 = Conv2d(inChannels, width, 3, stride: stride, padding: firstDilation, dilation: firstDilation, bias: false);
        bn1 = BatchNorm2d(width);
        conv2 = Conv2d(width, width, 3, padding: dilation, dilation: dilation, bias: false);
        bn2 = BatchNorm2d(width);
        downsample = shortcut;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = ConvolutionLayers.Rectified(conv1, bn1, input);
        return ConvolutionLayers.Rectified(conv2, bn2, x, downsample?.forward(input) ?? input).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// 1×1, 3×3 (which carries stride, dilation and groups), 1×1 beside a shortcut; torchvision's Bottleneck. Keys: conv1, bn1, conv2,
/// bn2, conv3, bn3, downsample.
/// </summary>
public sealed class BottleneckBlock : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Conv2d conv3;
    private readonly BatchNorm2d bn3;
    private readonly Module<Tensor, Tensor>? downsample;

    /// <summary>Gives <paramref name="outChannels"/> channels.</summary>
    /// <param name="inChannels">Channels in.</param>
    /// <param name="inner">Channels of the 3×3 convolution.</param>
    /// <param name="outChannels">Channels out.</param>
    /// <param name="groups">Groups of the 3×3 convolution.</param>
    /// <param name="stride">Of the 3×3 convolution.</param>
    /// <param name="dilation">Of the 3×3 convolution.</param>
    /// <param name="shortcut">Null: the input itself goes around.</param>
    public BottleneckBlock(int inChannels, int inner, int outChannels, int groups, int stride, int dilation, Module<Tensor, Tensor>? shortcut) : base(nameof(BottleneckBlock))
    {
        conv1 = Conv2d(inChannels, inner, 1, bias: false);
        bn1 = BatchNorm2d(inner);
        conv2 = Conv2d(inner, inner, 3, stride: stride, padding: dilation, dilation: dilation, groups: groups, bias: false);
        bn2 = BatchNorm2d(inner);
        conv3 = Conv2d(inner, outChannels, 1, bias: false);
        bn3 = BatchNorm2d(outChannels);
        downsample = shortcut;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = ConvolutionLayers.Rectified(conv1, bn1, input);
        x = ConvolutionLayers.Rectified(conv2, bn2, x);
        return ConvolutionLayers.Rectified(conv3, bn3, x, downsample?.forward(input) ?? input).MoveToOuterDisposeScope();
    }
}

/// <summary>The way around a residual block.</summary>
public static class Shortcut
{
    /// <summary>A 1×1 convolution where size or channels change; else null, and the input itself goes around. Keys: 0, 1.</summary>
    public static Sequential? For(int inChannels, int outChannels, int stride) => stride == 1 && inChannels == outChannels
        ? null
        : Sequential(Conv2d(inChannels, outChannels, 1, stride: stride, bias: false), BatchNorm2d(outChannels));

    /// <summary>The same as timm builds it, where a larger kernel and another normalisation are possible: a kernel above 1 only where something changes in size or dilation.</summary>
    internal static Sequential? For(int inChannels, int outChannels, int stride, int kernel, StagePlace place, Func<int, Module<Tensor, Tensor>> norm)
    {
        if (stride == 1 && inChannels == outChannels)
        {
            return null;
        }

        var side = stride == 1 && place.Dilation == 1 ? 1 : kernel;
        var dilation = side > 1 ? place.FirstDilation : 1;
        var padding = (stride - 1 + (dilation * (side - 1))) / 2;
        return Sequential(Conv2d(inChannels, outChannels, side, stride: stride, padding: padding, dilation: dilation, bias: false), norm(outChannels));
    }

    /// <summary>Averages before the convolution, whose stride is then 1; null where nothing changes. Keys: 1, 2.</summary>
    public static Sequential? Averaged(int inChannels, int outChannels, int stride, int dilation) => stride == 1 && inChannels == outChannels
        ? null
        : Sequential(Pool(stride, dilation), Conv2d(inChannels, outChannels, 1, bias: false), BatchNorm2d(outChannels));

    /// <summary>The averaging alone: it halves, or, in a dilated stage, smooths.</summary>
    public static Module<Tensor, Tensor> Pool(int stride, int dilation) => (stride, dilation) switch
    {
        (1, 1) => Identity(),
        (1, _) => new SameAvgPool2d(),
        _ => AvgPool2d(2, stride, ceil_mode: true, count_include_pad: false),
    };
}
