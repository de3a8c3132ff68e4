using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.DPN;

/// <summary>Adds to the residual path and appends to the dense one. The first block of a stage projects what comes onto both paths.</summary>
internal sealed class DualPathBlock : Module<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>>
{
    /// <summary>Of every normalisation in this family.</summary>
    public const double Eps = 1e-3;

    private readonly int _residual;
    private readonly BnActConv? c1x1_w_s1;
    private readonly BnActConv? c1x1_w_s2;
    private readonly BnActConv c1x1_a;
    private readonly BnActConv c3x3_b;
    private readonly Module c1x1_c;
    private readonly Conv2d? c1x1_c1;
    private readonly Conv2d? c1x1_c2;

    public DualPathBlock(DPNVariant variant, int stage, int block) : base(nameof(DualPathBlock))
    {
        var (first, stride, growth, width) = (block == 0, block == 0 && stage > 0 ? 2 : 1, variant.Growth[stage], variant.Width << stage);
        _residual = variant.Residual(stage);
        var channels = first ? variant.Channels[stage] : _residual + ((block + 2) * growth);
        var projection = first ? new BnActConv(channels, _residual + (2 * growth), 1, stride) : null;
        (c1x1_w_s1, c1x1_w_s2) = stride == 1 ? (projection, (BnActConv?)null) : (null, projection);
        c1x1_a = new BnActConv(channels, width, 1);
        c3x3_b = new BnActConv(width, width, 3, stride, variant.Groups);
        c1x1_c = variant.Split ? new CatBnAct(width) : new BnActConv(width, _residual + growth, 1);
        c1x1_c1 = variant.Split ? Conv2d(width, _residual, 1, bias: false) : null;
        c1x1_c2 = variant.Split ? Conv2d(width, growth, 1, bias: false) : null;
        RegisterComponents();
    }

    /// <param name="input">One map, or the two paths.</param>
    /// <returns>The two paths, (N, C, h, w) each.</returns>
    public override IReadOnlyList<Tensor> forward(IReadOnlyList<Tensor> input)
    {
        using var scope = NewDisposeScope();
        var joined = input.Count == 1 ? input[0] : cat([.. input], 1);
        (Tensor Residual, Tensor Dense) around = (c1x1_w_s1 ?? c1x1_w_s2) is { } projection ? Parts(projection.forward(joined)) : (input[0], input[1]);
        var through = Last(c3x3_b.forward(c1x1_a.forward(joined)));
        Tensor[] paths = [around.Residual + through.Residual, cat([around.Dense, through.Dense], 1)];
        return paths.MoveToOuterDisposeScope();
    }

    private (Tensor Residual, Tensor Dense) Last(Tensor x)
    {
        if (c1x1_c is BnActConv both)
        {
            return Parts(both.forward(x));
        }

        var activated = ((CatBnAct)c1x1_c).forward([x]);
        return (c1x1_c1!.forward(activated), c1x1_c2!.forward(activated));
    }

    private (Tensor Residual, Tensor Dense) Parts(Tensor x) => (x.narrow(1, 0, _residual), x.narrow(1, _residual, x.shape[1] - _residual));
}
