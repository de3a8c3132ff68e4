using Osteon.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>
/// A block of a mobile network: convolutions, each with its normalisation, squeeze-and-excitation before the last, and the input around
/// them. Keys as timm's: cn: conv, bn1; ds: conv_dw, bn1, se, conv_pw, bn2; ir: conv_pw, bn1, conv_dw, bn2, se, conv_pwl, bn3;
/// er: conv_exp, bn1, se, conv_pwl, bn2.
/// </summary>
/// <remarks>Sandler et al. 2018, arXiv:1801.04381; Gupta, Tan 2019 for the fused one.</remarks>
internal sealed class MobileBlock : Module<Tensor, Tensor>
{
    private readonly List<(Module<Tensor, Tensor> Convolution, Module<Tensor, Tensor> Norm, MobileActivation Activation, Module<Tensor, Tensor>? Smooth)> _steps = [];
    private readonly MobileDesign _design;
    private readonly Module<Tensor, Tensor>? _squeeze;
    private readonly DropPath? _dropPath;
    private readonly bool _skips;

    /// <summary>Builds it for a place in a network.</summary>
    public MobileBlock(MobileDesign design, MobileBlockSpec spec, int inChannels, int stride, int dilation, double dropPath) : base(nameof(MobileBlock))
    {
        _design = design;
        var outChannels = design.Channels(spec.Channels);
        var inner = Blocks.MakeDivisible((spec.ExpandFrom > 0 ? design.Channels(spec.ExpandFrom) : inChannels) * spec.Expansion);
        var activation = spec.Activation ?? design.Activation;
        switch (spec.Kind)
        {
            case "cn":
                Add("conv", inChannels, outChannels, spec.Kernels, activation, stride, dilation);
                break;
            case "ds" or "dsa":
                Add("conv_dw", inChannels, inChannels, spec.Kernels, activation, stride, dilation, groups: inChannels / design.GroupSize);
                _squeeze = Squeeze(spec, inChannels, activation);
                Add("conv_pw", inChannels, outChannels, [1], spec.Kind == "dsa" ? activation : MobileActivation.None);
                break;
            case "ir":
                Add("conv_pw", inChannels, inner, spec.FirstKernels, activation);
                Add("conv_dw", inner, inner, spec.Kernels, activation, stride, dilation, groups: inner / design.GroupSize);
                _squeeze = Squeeze(spec, inner, activation);
                Add("conv_pwl", inner, outChannels, spec.LastKernels, MobileActivation.None);
                break;
            case "er":
                Add("conv_exp", inChannels, inner, spec.Kernels, activation, stride, dilation, groups: spec.GroupSize > 0 ? inner / spec.GroupSize : 1);
                _squeeze = Squeeze(spec, inner, activation);
                Add("conv_pwl", inner, outChannels, [1], MobileActivation.None);
                break;
            default:
                throw new FormatException($"'{spec.Kind}' is no kind of block.");
        }

        _skips = spec.Skip && stride == 1 && inChannels == outChannels;
        if (_skips && dropPath > 0)
        {
            _dropPath = new DropPath(dropPath);
            register_module("drop_path", _dropPath);
        }
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input;
        for (var i = 0; i < _steps.Count; i++)
        {
            if (i == _steps.Count - 1)
            {
                x = _squeeze?.forward(x) ?? x;
            }

            var (convolution, norm, activation, smooth) = _steps[i];
            x = MobileActivations.Apply(activation, norm.forward(convolution.forward(x)));
            x = smooth?.forward(x) ?? x;
        }

        return (_skips ? (_dropPath?.forward(x) ?? x).add_(input) : x).MoveToOuterDisposeScope();
    }

    private void Add(string name, int inChannels, int outChannels, IReadOnlyList<int> kernels, MobileActivation activation, int stride = 1, int dilation = 1, int groups = 1)
    {
        var smooth = stride > 1 ? _design.AntiAlias?.Invoke() : null;
        var step = (_design.Convolution(inChannels, outChannels, kernels, smooth is null ? stride : 1, dilation, groups), _design.Norm(outChannels), activation, smooth);
        _steps.Add(step);
        register_module(name, step.Item1);
        register_module($"bn{_steps.Count}", step.Item2);
    }

    private Module<Tensor, Tensor>? Squeeze(MobileBlockSpec spec, int channels, MobileActivation activation)
    {
        var squeeze = _design.SqueezeExcite(spec, channels, activation);
        if (squeeze is not null)
        {
            register_module("se", squeeze);
        }

        return squeeze;
    }
}
