using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.CSPNet;

/// <summary>
/// Convolutions, and the input around them. Keys: dark and edge: conv1, attn, conv2, of which the 3×3 is the second and the first; bottle:
/// conv1, conv2, attn2, conv3.
/// </summary>
internal sealed class CspBlock : Module<Tensor, Tensor>
{
    private readonly List<Module<Tensor, Tensor>> _steps = [];
    private readonly Module<Tensor, Tensor>? _activation;

    public CspBlock(CspDesign design, int stage, int inChannels, int outChannels, int dilation) : base(nameof(CspBlock))
    {
        var inner = (int)Math.Round(outChannels * CspDesign.At(design.Inner, stage));
        var groups = CspDesign.At(design.Groups, stage);
        if (design.Block == "bottle")
        {
            Add("conv1", new ConvNormAct(inChannels, inner, 1, activation: design.Activation()));
            Add("conv2", new ConvNormAct(inner, inner, 3, 1, groups, dilation, design.Activation()));
            AddAttention("attn2", design, inner);
            Add("conv3", new ConvNormAct(inner, outChannels, 1));
            _activation = design.Activation();
            init.zeros_(_steps[^1].get_parameter("bn.weight")!);    // timm: a block starts as its input
            return;
        }

        var (first, second) = design.Block == "dark" ? (1, 3) : (3, 1);
        Add("conv1", new ConvNormAct(inChannels, inner, first, 1, first > 1 ? groups : 1, first > 1 ? dilation : 1, design.Activation()));
        AddAttention("attn", design, inner);
        Add("conv2", new ConvNormAct(inner, outChannels, second, 1, second > 1 ? groups : 1, second > 1 ? dilation : 1, design.Activation()));
        init.zeros_(_steps[^1].get_parameter("bn.weight")!);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = _steps.Aggregate(input, (map, step) => step.forward(map)) + input;
        return (_activation?.forward(x) ?? x).MoveToOuterDisposeScope();
    }

    private void Add(string name, Module<Tensor, Tensor> step)
    {
        _steps.Add(step);
        register_module(name, step);
    }

    private void AddAttention(string name, CspDesign design, int channels)
    {
        if (design.Squeeze > 0)
        {
            Add(name, new SqueezeExcite(channels, Blocks.MakeDivisible(channels * design.Squeeze, roundLimit: 0), design.Activation()));
        }
    }
}
