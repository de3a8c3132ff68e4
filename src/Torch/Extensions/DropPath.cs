using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Torch;

/// <summary>
/// Zeroes whole samples at random in training, for the branch of a residual block (stochastic depth, Huang et al. 2016,
/// arXiv:1603.09382).
/// </summary>
public sealed class DropPath : Module<Tensor, Tensor>
{
    private readonly double _probability;
    private readonly bool _scale;

    /// <summary>Makes it.</summary>
    /// <param name="drop_prob">Share of samples dropped, in [0, 1).</param>
    /// <param name="scale_by_keep">Whether the others are divided by 1 − drop_prob, which keeps the mean.</param>
    public DropPath(double drop_prob = 0, bool scale_by_keep = true)
        : base(nameof(DropPath))
    {
        if (!(drop_prob is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(drop_prob), drop_prob, "A share of samples to drop lies in [0, 1).");
        }

        (_probability, _scale) = (drop_prob, scale_by_keep);
    }

    /// <summary>Of (N, …); draws one number a sample from the default generator.</summary>
    public override Tensor forward(Tensor input)
    {
        if (!training || _probability == 0)
        {
            return input.alias();
        }

        using var scope = NewDisposeScope();
        var sizes = new long[input.ndim];
        Array.Fill(sizes, 1);
        sizes[0] = input.size(0);
        var kept = empty(sizes, input.dtype, input.device).bernoulli_(1 - _probability);
        return (input * (_scale ? kept.div_(1 - _probability) : kept)).MoveToOuterDisposeScope();
    }
}
