using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ByobNet;

/// <summary>Where a block stands.</summary>
/// <param name="Design">The network.</param>
/// <param name="Blocks">Its kind.</param>
/// <param name="InChannels">Channels in.</param>
/// <param name="Stride">Pixels from one place to the next.</param>
/// <param name="Dilation">Of the first k×k convolution: in the first block of a stage, half of …</param>
/// <param name="StageDilation">… the stage's.</param>
internal sealed record ByobPlace(ByobDesign Design, ByobBlocks Blocks, int InChannels, int Stride, int Dilation, int StageDilation)
{
    /// <summary>Channels out.</summary>
    public int OutChannels => Design.Out(Blocks);

    /// <summary>Whether the input itself may go around. Where a stage's dilation begins, timm convolves even if nothing changes.</summary>
    public bool Keeps => InChannels == OutChannels && Stride == 1 && Dilation == StageDilation;

    /// <summary>What goes around; null for nothing of its own: the input, or, where <see cref="Keeps"/> is false, no shortcut.</summary>
    public Module<Tensor, Tensor>? Shortcut() => Keeps ? null : Design.Shortcut switch
    {
        ByobShortcut.None => null,
        ByobShortcut.Average => new AveragedShortcut(this),
        _ => Design.Layer(InChannels, OutChannels, 1, Stride, active: false),
    };
}

/// <summary>A ResNet-like block: 1×1, k×k in groups, maybe another, 1×1. Keys: shortcut, conv1_1x1, conv2_kxk, conv2b_kxk, attn, conv3_1x1.</summary>
internal sealed class BottleneckBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor>? shortcut;
    private readonly ConvNormAct conv1_1x1;
    private readonly ConvNormAct conv2_kxk;
    private readonly ConvNormAct? conv2b_kxk;
    private readonly Module<Tensor, Tensor>? attn;
    private readonly ConvNormAct conv3_1x1;
    private readonly Module<Tensor, Tensor>? _smooth, _activation;
    private readonly bool _sums;

    public BottleneckBlock(ByobPlace place) : base(nameof(BottleneckBlock))
    {
        var design = place.Design;
        var inner = Blocks.MakeDivisible((design.InnerFromInput ? place.InChannels : place.OutChannels) * place.Blocks.Ratio);
        var groups = place.Blocks.GroupSize > 0 ? inner / place.Blocks.GroupSize : 1;
        shortcut = place.Shortcut();
        conv1_1x1 = design.Layer(place.InChannels, inner, 1);
        var averages = design.Averages && place.Stride > 1;
        conv2_kxk = design.Layer(inner, inner, 3, averages ? 1 : place.Stride, groups, place.Dilation);
        _smooth = averages ? AvgPool2d(place.Stride) : null;
        conv2b_kxk = design.SecondConvolution ? design.Layer(inner, inner, 3, 1, groups, place.StageDilation) : null;
        attn = design.Attention?.Invoke(inner);
        conv3_1x1 = design.Layer(inner, place.OutChannels, 1, active: false);
        _activation = design.InnerFromInput ? null : design.Activation();
        _sums = shortcut is not null || place.Keeps;
        foreach (var (name, part) in new (string, Module<Tensor, Tensor>?)[] { (nameof(shortcut), shortcut), (nameof(conv1_1x1), conv1_1x1), (nameof(conv2_kxk), conv2_kxk), (nameof(conv2b_kxk), conv2b_kxk), (nameof(attn), attn), (nameof(conv3_1x1), conv3_1x1) })
        {
            if (part is not null)
            {
                register_module(name, part);
            }
        }

        if (_sums)
        {
            init.zeros_(conv3_1x1.get_parameter("bn.weight")!);     // timm: a block starts as its shortcut
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = conv2_kxk.forward(conv1_1x1.forward(input));
        x = _smooth?.forward(x) ?? x;
        x = conv2b_kxk?.forward(x) ?? x;
        x = conv3_1x1.forward(attn?.forward(x) ?? x);
        x = _sums ? x + (shortcut?.forward(input) ?? input) : x;
        return (_activation?.forward(x) ?? x).MoveToOuterDisposeScope();
    }
}

/// <summary>A k×k and a 1×1 convolution. Keys: shortcut, conv1_kxk, attn, conv2_1x1.</summary>
internal sealed class EdgeBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor>? shortcut;
    private readonly ConvNormAct conv1_kxk;
    private readonly ConvNormAct conv2_1x1;
    private readonly Module<Tensor, Tensor> _activation;

    public EdgeBlock(ByobPlace place) : base(nameof(EdgeBlock))
    {
        var inner = Blocks.MakeDivisible(place.OutChannels * place.Blocks.Ratio);
        shortcut = place.Shortcut();
        conv1_kxk = new ConvNormAct(place.InChannels, inner, 3, place.Stride, 1, place.Dilation, place.Design.Activation());
        conv2_1x1 = new ConvNormAct(inner, place.OutChannels, 1);
        _activation = place.Design.Activation();
        if (shortcut is not null)
        {
            register_module(nameof(shortcut), shortcut);
        }

        register_module(nameof(conv1_kxk), conv1_kxk);
        register_module(nameof(conv2_1x1), conv2_1x1);
        init.zeros_(conv2_1x1.get_parameter("bn.weight")!);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return _activation.forward(conv2_1x1.forward(conv1_kxk.forward(input)) + (shortcut?.forward(input) ?? input)).MoveToOuterDisposeScope();
    }
}

/// <summary>An average where the size halves or is dilated, then a 1×1 convolution. Key: conv.</summary>
internal sealed class AveragedShortcut : Module<Tensor, Tensor>
{
    private readonly ConvNormAct conv;
    private readonly Module<Tensor, Tensor>? _pool;

    public AveragedShortcut(ByobPlace place) : base(nameof(AveragedShortcut))
    {
        _pool = place switch
        {
            { Dilation: > 1 } => new SameAvgPool2d(),
            { Stride: > 1 } => AvgPool2d(2, place.Stride, ceil_mode: true, count_include_pad: false),
            _ => null,
        };
        conv = new ConvNormAct(place.InChannels, place.OutChannels, 1);
        register_module(nameof(conv), conv);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return conv.forward(_pool?.forward(input) ?? input).MoveToOuterDisposeScope();
    }
}
