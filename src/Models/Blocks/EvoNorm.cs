using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>
/// Normalisation and activation in one, without statistics of the batch: x · sigmoid(v · x) over the deviation of its group, then a factor
/// and a summand; without activation those alone, or x over the deviation. Keys: weight, bias, v.
/// </summary>
/// <remarks>Liu et al. 2020, arXiv:2004.02967, EvoNorm-S0.</remarks>
public sealed class EvoNorm : Module<Tensor, Tensor>
{
    private readonly Parameter weight, bias;
    private readonly Parameter? v;
    private readonly int _groups;
    private readonly double _eps;
    private readonly bool _normalizes;

    /// <summary>For maps of this many channels.</summary>
    /// <param name="channels">Channels.</param>
    /// <param name="active">Whether there is an activation.</param>
    /// <param name="groupSize">Channels of a group; 0 for 32 groups.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <param name="always">Whether it normalises without activation too: timm's S0a.</param>
    public EvoNorm(int channels, bool active = true, int groupSize = 0, double eps = 1e-5, bool always = false) : base(nameof(EvoNorm))
    {
        (_groups, _eps, _normalizes) = (groupSize > 0 ? channels / groupSize : 32, eps, active || always);
        (weight, bias, v) = (new Parameter(ones(channels)), new Parameter(zeros(channels)), active ? new Parameter(ones(channels)) : null);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input;
        if (_normalizes)
        {
            var shape = input.shape;
            var groups = input.reshape(shape[0], _groups, -1);
            var deviation = ((groups - groups.mean([2], keepdim: true)).square().mean([2], keepdim: true) + _eps).sqrt();
            x = ((v is null ? input : input * (input * v.view(1, -1, 1, 1)).sigmoid()).reshape(shape[0], _groups, -1) / deviation).reshape(shape);
        }

        return ((x * weight.view(1, -1, 1, 1)) + bias.view(1, -1, 1, 1)).MoveToOuterDisposeScope();
    }
}
