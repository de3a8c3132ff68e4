using Osteon.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>
/// MobileNetV4's universal inverted bottleneck: a pointwise convolution out and one back, with a depthwise one before them, between them,
/// in both places or in none, and the input around. Keys: dw_start, pw_exp, dw_mid, pw_proj, each conv and bn, and layer_scale.
/// </summary>
/// <remarks>Qin et al. 2024, arXiv:2404.10518, section 3.</remarks>
internal sealed class UniversalBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor>? dw_start;
    private readonly Module<Tensor, Tensor> pw_exp;
    private readonly Module<Tensor, Tensor>? dw_mid;
    private readonly Module<Tensor, Tensor> pw_proj;
    private readonly LayerScale? layer_scale;
    private readonly DropPath? drop_path;
    private readonly bool _skips;

    /// <summary>Builds it for a place in a network.</summary>
    public UniversalBlock(MobileDesign design, MobileBlockSpec spec, int inChannels, int stride, int dilation, double dropPath) : base(nameof(UniversalBlock))
    {
        var (first, middle) = (spec.FirstKernels[0], spec.Kernel);
        var outChannels = design.Channels(spec.Channels);
        var inner = Blocks.MakeDivisible(inChannels * spec.Expansion);
        dw_start = first > 0 ? new Step(design, inChannels, inChannels, first, MobileActivation.None, middle > 0 ? 1 : stride, dilation, inChannels) : null;
        pw_exp = new Step(design, inChannels, inner, 1, design.Activation);
        dw_mid = middle > 0 ? new Step(design, inner, inner, middle, design.Activation, stride, dilation, inner) : null;
        pw_proj = new Step(design, inner, outChannels, 1, MobileActivation.None);
        layer_scale = design.LayerScale > 0 ? new LayerScale(outChannels, design.LayerScale, map: true) : null;
        _skips = spec.Skip && stride == 1 && inChannels == outChannels;
        drop_path = _skips && dropPath > 0 ? new DropPath(dropPath) : null;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = pw_exp.forward(dw_start?.forward(input) ?? input);
        x = pw_proj.forward(dw_mid?.forward(x) ?? x);
        x = layer_scale?.forward(x) ?? x;
        return (_skips ? (drop_path?.forward(x) ?? x) + input : x).MoveToOuterDisposeScope();
    }

    private sealed class Step : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> conv;
        private readonly Module<Tensor, Tensor> bn;
        private readonly Module<Tensor, Tensor>? _smooth;
        private readonly MobileActivation _activation;

        public Step(MobileDesign design, int inChannels, int outChannels, int kernel, MobileActivation activation, int stride = 1, int dilation = 1, int groups = 1) : base(nameof(Step))
        {
            _smooth = stride > 1 ? design.AntiAlias?.Invoke() : null;
            conv = design.Convolution(inChannels, outChannels, [kernel], _smooth is null ? stride : 1, dilation, groups);
            bn = design.Norm(outChannels);
            _activation = activation;
            register_module(nameof(conv), conv);
            register_module(nameof(bn), bn);
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = MobileActivations.Apply(_activation, bn.forward(conv.forward(input)));
            return (_smooth?.forward(x) ?? x).MoveToOuterDisposeScope();
        }
    }
}
