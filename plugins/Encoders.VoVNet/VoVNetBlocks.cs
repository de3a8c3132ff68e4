using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.VoVNet;

/// <summary>A convolution, or a depthwise and a pointwise one, with a normalisation and an activation. Keys: conv, or conv_dw and conv_pw; bn.</summary>
internal static class VoVLayer
{
    public static Module<Tensor, Tensor> Of(VoVNetVariant variant, int inChannels, int outChannels, int kernel, int stride = 1, bool separable = false)
    {
        Module<Tensor, Tensor>[] end = variant.Evo ? [new EvoNorm(outChannels)] : [BatchNorm2d(outChannels), ReLU(inplace: true)];
        (string, Module<Tensor, Tensor>)[] convolutions = separable
            ? [("conv_dw", Conv2d(inChannels, inChannels, kernel, stride: stride, padding: kernel / 2, groups: inChannels, bias: false)), ("conv_pw", Conv2d(inChannels, outChannels, 1, bias: false))]
            : [("conv", Conv2d(inChannels, outChannels, kernel, stride: stride, padding: kernel / 2, bias: false))];
        return Sequential([.. convolutions, ("bn", end[0]), .. end.Skip(1).Select(act => ("act", act))]);
    }
}

/// <summary>Layers in a row, and a joint of the input and all they give. Keys: conv_reduction, conv_mid, conv_concat, attn.</summary>
internal sealed class VoVBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor>? conv_reduction;
    private readonly ModuleList<Module<Tensor, Tensor>> conv_mid;
    private readonly Module<Tensor, Tensor> conv_concat;
    private readonly Module<Tensor, Tensor>? attn;
    private readonly bool _residual;

    public VoVBlock(VoVNetVariant variant, int stage, int inChannels, bool isFirst, bool isLast) : base(nameof(VoVBlock))
    {
        var (inner, outer) = (variant.InnerChannels[stage], variant.OutChannels[stage]);
        _residual = variant.Residual && !isFirst;
        conv_reduction = variant.Depthwise && inChannels != inner ? VoVLayer.Of(variant, inChannels, inner, 1) : null;
        conv_mid = ModuleList<Module<Tensor, Tensor>>([.. Enumerable.Range(0, variant.Layers).Select(i => VoVLayer.Of(variant, i == 0 && conv_reduction is null ? inChannels : inner, inner, 3, separable: variant.Depthwise))]);
        conv_concat = VoVLayer.Of(variant, inChannels + (variant.Layers * inner), outer, 1);
        attn = isLast ? variant.Attention?.Invoke(outer) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (given, x) = (new List<Tensor> { input }, conv_reduction?.forward(input) ?? input);
        foreach (var layer in conv_mid)
        {
            x = layer.forward(x);
            given.Add(x);
        }

        x = conv_concat.forward(cat(given, 1));
        x = attn?.forward(x) ?? x;
        return (_residual ? x + input : x).MoveToOuterDisposeScope();
    }
}

/// <summary>Blocks at one resolution, behind maxima that halve. Key: blocks.</summary>
internal sealed class VoVStage : Module<Tensor, Tensor>
{
    private readonly MaxPool2d? pool;
    private readonly Sequential blocks;

    public VoVStage(VoVNetVariant variant, int stage) : base(nameof(VoVStage))
    {
        var before = stage == 0 ? variant.LastStem : variant.OutChannels[stage - 1];
        pool = stage == 0 ? null : MaxPool2d(3, 2, ceil_mode: true);
        blocks = Sequential(Enumerable.Range(0, variant.Blocks[stage]).Select(i => new VoVBlock(variant, stage, i == 0 ? before : variant.OutChannels[stage], i == 0, i == variant.Blocks[stage] - 1)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return blocks.forward(pool?.forward(input) ?? input).MoveToOuterDisposeScope();
    }
}
