using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.DPN;

/// <summary>Normalises, rectifies, convolves. Keys: bn, conv.</summary>
internal sealed class BnActConv : Module<Tensor, Tensor>
{
    private readonly BatchNorm2d bn;
    private readonly Conv2d conv;

    public BnActConv(int inChannels, int outChannels, int kernel, int stride = 1, int groups = 1) : base(nameof(BnActConv))
    {
        bn = BatchNorm2d(inChannels, eps: DualPathBlock.Eps);
        conv = Conv2d(inChannels, outChannels, kernel, stride: stride, padding: kernel / 2, groups: groups, bias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return conv.forward(functional.relu(bn.forward(input), inplace: true)).MoveToOuterDisposeScope();
    }
}

/// <summary>Joins maps, normalises, rectifies. Keys: bn.</summary>
internal sealed class CatBnAct : Module<IReadOnlyList<Tensor>, Tensor>
{
    private readonly BatchNorm2d bn;

    public CatBnAct(int channels) : base(nameof(CatBnAct))
    {
        bn = BatchNorm2d(channels, eps: DualPathBlock.Eps);
        RegisterComponents();
    }

    public override Tensor forward(IReadOnlyList<Tensor> input)
    {
        using var scope = NewDisposeScope();
        return functional.relu(bn.forward(input.Count == 1 ? input[0] : cat([.. input], 1)), inplace: true).MoveToOuterDisposeScope();
    }
}
