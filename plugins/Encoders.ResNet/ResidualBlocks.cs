using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ResNet;

/// <summary>Two 3×3 convolutions beside a shortcut; torchvision's BasicBlock.</summary>
internal sealed class BasicBlock : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Sequential? downsample;

    public BasicBlock(int inChannels, int width, int stride, int dilation) : base(nameof(BasicBlock))
    {
        conv1 = Conv2d(inChannels, width, 3, stride: stride, padding: dilation, dilation: dilation, bias: false);
        bn1 = BatchNorm2d(width);
        conv2 = Conv2d(width, width, 3, padding: dilation, dilation: dilation, bias: false);
        bn2 = BatchNorm2d(width);
        downsample = Shortcut.For(inChannels, width, stride);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = functional.relu(bn1.forward(conv1.forward(input)), inplace: true);
        x = bn2.forward(conv2.forward(x));
        return functional.relu(x.add_(downsample?.forward(input) ?? input), inplace: true).MoveToOuterDisposeScope();
    }
}

/// <summary>1×1, 3×3 (which carries stride, dilation and groups), 1×1 beside a shortcut; torchvision's Bottleneck.</summary>
internal sealed class BottleneckBlock : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Conv2d conv3;
    private readonly BatchNorm2d bn3;
    private readonly Sequential? downsample;

    public BottleneckBlock(int inChannels, int width, int inner, int groups, int stride, int dilation) : base(nameof(BottleneckBlock))
    {
        conv1 = Conv2d(inChannels, inner, 1, bias: false);
        bn1 = BatchNorm2d(inner);
        conv2 = Conv2d(inner, inner, 3, stride: stride, padding: dilation, dilation: dilation, groups: groups, bias: false);
        bn2 = BatchNorm2d(inner);
        conv3 = Conv2d(inner, width * 4, 1, bias: false);
        bn3 = BatchNorm2d(width * 4);
        downsample = Shortcut.For(inChannels, width * 4, stride);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = functional.relu(bn1.forward(conv1.forward(input)), inplace: true);
        x = functional.relu(bn2.forward(conv2.forward(x)), inplace: true);
        x = bn3.forward(conv3.forward(x));
        return functional.relu(x.add_(downsample?.forward(input) ?? input), inplace: true).MoveToOuterDisposeScope();
    }
}

/// <summary>The way around a block.</summary>
internal static class Shortcut
{
    /// <summary>A 1×1 convolution where size or channels change; else null, and the input itself goes around.</summary>
    public static Sequential? For(int inChannels, int outChannels, int stride) => stride == 1 && inChannels == outChannels
        ? null
        : Sequential(Conv2d(inChannels, outChannels, 1, stride: stride, bias: false), BatchNorm2d(outChannels));
}
