using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.GhostNet;

/// <summary>A block by its numbers.</summary>
/// <param name="Kernel">Side of the kernel that halves.</param>
/// <param name="Inner">Channels within, before the width.</param>
/// <param name="Channels">Channels out, before the width.</param>
/// <param name="Squeezes">Whether squeeze-and-excitation stands within.</param>
/// <param name="Stride">1 or 2.</param>
internal sealed record GhostBlock(int Kernel, int Inner, int Channels, bool Squeezes = false, int Stride = 1);

/// <summary>Two ghost modules, a depthwise convolution between them where the size halves, and the input around. Keys: ghost1, conv_dw, bn_dw, se, ghost2, shortcut.</summary>
internal sealed class GhostBottleneck : Module<Tensor, Tensor>
{
    private readonly GhostModule ghost1;
    private readonly Conv2d? conv_dw;
    private readonly BatchNorm2d? bn_dw;
    private readonly MobileSqueezeExcite? se;
    private readonly GhostModule ghost2;
    private readonly Sequential? shortcut;

    /// <param name="block">Its numbers.</param>
    /// <param name="width">Factor of channels.</param>
    /// <param name="inChannels">Channels in.</param>
    /// <param name="attends">Whether the first module has a gate.</param>
    public GhostBottleneck(GhostBlock block, double width, int inChannels, bool attends) : base(nameof(GhostBottleneck))
    {
        var (inner, outChannels) = (Blocks.MakeDivisible(block.Inner * width, 4), Blocks.MakeDivisible(block.Channels * width, 4));
        ghost1 = new GhostModule(inChannels, inner, active: true, attends);
        if (block.Stride > 1)
        {
            conv_dw = Conv2d(inner, inner, block.Kernel, stride: block.Stride, padding: block.Kernel / 2, groups: inner, bias: false);
            bn_dw = BatchNorm2d(inner);
        }

        se = block.Squeezes ? new MobileSqueezeExcite(inner, Blocks.MakeDivisible(inner * 0.25, 4), MobileActivation.ReLU, hard: true) : null;
        ghost2 = new GhostModule(inner, outChannels, active: false, attends: false);
        shortcut = inChannels == outChannels && block.Stride == 1
            ? null
            : Sequential(
                Conv2d(inChannels, inChannels, block.Kernel, stride: block.Stride, padding: block.Kernel / 2, groups: inChannels, bias: false), BatchNorm2d(inChannels),
                Conv2d(inChannels, outChannels, 1, bias: false), BatchNorm2d(outChannels));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = ghost1.forward(input);
        x = conv_dw is null ? x : bn_dw!.forward(conv_dw.forward(x));
        x = ghost2.forward(se?.forward(x) ?? x);
        return (x + (shortcut?.forward(input) ?? input)).MoveToOuterDisposeScope();
    }
}
