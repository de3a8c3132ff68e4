using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MaxxViT;

/// <summary>Halves a map, and gives it other channels where it should have others. Key: expand.</summary>
internal sealed class Halving : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> pool;
    private readonly Conv2d? expand;

    public Halving(int inChannels, int outChannels, bool max = false, bool hasBias = true) : base(nameof(Halving))
    {
        pool = max ? MaxPool2d(3, 2, 1) : AvgPool2d(2);
        expand = inChannels == outChannels ? null : Conv2d(inChannels, outChannels, 1, bias: hasBias);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = pool.forward(input);
        return (expand?.forward(x) ?? x).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// An inverted bottleneck behind a normalisation of its own. Keys: shortcut, pre_norm, conv1_1x1, norm1, conv2_kxk, se_early, norm2, se,
/// conv3_1x1.
/// </summary>
internal sealed class BottleneckBlock : Module<Tensor, Tensor>
{
    private const int Expansion = 4, Kernel = 3;

    private readonly Halving? shortcut;
    private readonly BatchNorm2d pre_norm;
    private readonly Halving? down;
    private readonly Conv2d conv1_1x1;
    private readonly BatchNorm2d norm1;
    private readonly Module<Tensor, Tensor> conv2_kxk;
    private readonly SqueezeExcite? se_early;
    private readonly BatchNorm2d norm2;
    private readonly SqueezeExcite? se;
    private readonly Conv2d conv3_1x1;
    private readonly ConvolutionDesign _design;

    public BottleneckBlock(ConvolutionDesign design, int inChannels, int outChannels, int stride) : base(nameof(BottleneckBlock))
    {
        _design = design;
        var inner = Blocks.MakeDivisible((design.ExpandsOutput ? outChannels : inChannels) * Expansion);
        var convolutionStride = design.Pools ? 1 : stride;
        SqueezeExcite Squeeze() => new(inner, (int)(design.SqueezeRatio * (design.ExpandsOutput ? outChannels : inner)), design.SqueezeReLU ? null : SiLU(inplace: true));
        shortcut = stride > 1 ? new Halving(inChannels, outChannels, design.MaxPool, design.HasBias) : null;
        pre_norm = BatchNorm2d(inChannels, eps: design.Eps);
        down = design.Pools && stride > 1 ? new Halving(inChannels, inChannels) : null;
        conv1_1x1 = Conv2d(inChannels, inner, 1, bias: false);
        norm1 = BatchNorm2d(inner, eps: design.Eps);
        conv2_kxk = design.Same && convolutionStride > 1
            ? new SameConv2d(inner, inner, Kernel, convolutionStride, inner)
            : Conv2d(inner, inner, Kernel, stride: convolutionStride, padding: Kernel / 2, groups: inner, bias: false);
        se_early = design.SqueezesEarly ? Squeeze() : null;
        norm2 = BatchNorm2d(inner, eps: design.Eps);
        se = design.SqueezesEarly ? null : Squeeze();
        conv3_1x1 = Conv2d(inner, outChannels, 1, bias: design.HasBias);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = pre_norm.forward(input);
        x = _design.PreActivates ? _design.Activation(x) : x;
        x = _design.Activation(norm1.forward(conv1_1x1.forward(down?.forward(x) ?? x)));
        x = conv2_kxk.forward(x);
        x = _design.Activation(norm2.forward(se_early?.forward(x) ?? x));
        x = conv3_1x1.forward(se?.forward(x) ?? x);
        return (x + (shortcut?.forward(input) ?? input)).MoveToOuterDisposeScope();
    }
}

/// <summary>ConvNeXt's block. Keys: shortcut, conv_dw, norm, mlp, ls.</summary>
internal sealed class NextBlock : Module<Tensor, Tensor>
{
    private const int Expansion = 4, Kernel = 7;

    private readonly Module<Tensor, Tensor>? shortcut;
    private readonly Conv2d conv_dw;
    private readonly LayerNorm2d norm;
    private readonly ConvMlp mlp;
    private readonly LayerScale ls;

    public NextBlock(ConvolutionDesign design, int inChannels, int outChannels, int stride) : base(nameof(NextBlock))
    {
        shortcut = stride > 1 ? new Halving(inChannels, outChannels) : inChannels == outChannels ? null : Conv2d(inChannels, outChannels, 1);
        conv_dw = Conv2d(inChannels, outChannels, Kernel, stride: stride, padding: Kernel / 2, groups: inChannels);
        norm = new LayerNorm2d(outChannels, design.Eps);
        mlp = new ConvMlp(outChannels, Expansion * outChannels, design.Activation);
        ls = new LayerScale(outChannels, design.Scale, map: true);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return (ls.forward(mlp.forward(norm.forward(conv_dw.forward(input)))) + (shortcut?.forward(input) ?? input)).MoveToOuterDisposeScope();
    }
}
