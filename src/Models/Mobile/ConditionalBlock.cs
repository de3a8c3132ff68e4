using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>
/// An inverted residual whose convolutions each image mixes from several experts', by what its own means say. Keys as timm's: conv_pw,
/// bn1, conv_dw, bn2, se, conv_pwl, bn3, routing_fn.
/// </summary>
/// <remarks>Yang et al. 2019, arXiv:1904.04971.</remarks>
internal sealed class ConditionalBlock : Module<Tensor, Tensor>
{
    private readonly CondConv2d conv_pw, conv_dw, conv_pwl;
    private readonly Module<Tensor, Tensor> bn1, bn2, bn3;
    private readonly Module<Tensor, Tensor>? _squeeze;
    private readonly Linear routing_fn;
    private readonly DropPath? _dropPath;
    private readonly MobileActivation _activation;
    private readonly bool _skips;

    /// <summary>Builds it for a place in a network.</summary>
    public ConditionalBlock(MobileDesign design, MobileBlockSpec spec, int inChannels, int stride, int dilation, double dropPath) : base(nameof(ConditionalBlock))
    {
        var (outChannels, inner, experts) = (design.Channels(spec.Channels), Blocks.MakeDivisible(inChannels * spec.Expansion), spec.Experts * design.Experts);
        _activation = spec.Activation ?? design.Activation;
        register_module(nameof(conv_pw), conv_pw = new CondConv2d(experts, inChannels, inner, 1, 1, 1, 1, design.SamePadding));
        register_module(nameof(bn1), bn1 = design.Norm(inner));
        register_module(nameof(conv_dw), conv_dw = new CondConv2d(experts, inner, inner, spec.Kernel, stride, dilation, inner / design.GroupSize, design.SamePadding));
        register_module(nameof(bn2), bn2 = design.Norm(inner));
        if ((_squeeze = design.SqueezeExcite(spec, inner, _activation)) is not null)
        {
            register_module("se", _squeeze);
        }

        register_module(nameof(conv_pwl), conv_pwl = new CondConv2d(experts, inner, outChannels, 1, 1, 1, 1, design.SamePadding));
        register_module(nameof(bn3), bn3 = design.Norm(outChannels));
        register_module(nameof(routing_fn), routing_fn = Linear(inChannels, experts));
        init.uniform_(routing_fn.weight, -1 / Math.Sqrt(inChannels + experts), 1 / Math.Sqrt(inChannels + experts));
        init.zeros_(routing_fn.bias!);
        _skips = spec.Skip && stride == 1 && inChannels == outChannels;
        if (_skips && dropPath > 0)
        {
            register_module("drop_path", _dropPath = new DropPath(dropPath));
        }
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var shares = routing_fn.forward(input.mean([2, 3])).sigmoid();
        var x = MobileActivations.Apply(_activation, bn1.forward(conv_pw.forward(input, shares)));
        x = MobileActivations.Apply(_activation, bn2.forward(conv_dw.forward(x, shares)));
        x = bn3.forward(conv_pwl.forward(_squeeze?.forward(x) ?? x, shares));
        return (_skips ? (_dropPath?.forward(x) ?? x) + input : x).MoveToOuterDisposeScope();
    }
}
