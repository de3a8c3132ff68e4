using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>Adagrad: each weight's rate falls with the squares of its gradients so far.</summary>
[Named("Adagrad")]
public sealed record AdagradOptions() : OptimizerOptions(lr: 1e-2)
{
    /// <summary>Step t learns at lr / (1 + (t − 1) × this).</summary>
    [Range(0, double.MaxValue)]
    public double LrDecay { get; init; }

    /// <summary>What the sums of squares start from.</summary>
    [Range(0, double.MaxValue)]
    public double InitialAccumulatorValue { get; init; }

    /// <summary>Added to the denominator.</summary>
    [Range(0, double.MaxValue)]
    public double Eps { get; init; } = 1e-10;

    /// <inheritdoc/>
    public override bool HasMomentum => false;

    /// <inheritdoc/>
    public override optim.Optimizer Create(IEnumerable<Parameter> parameters) =>
        optim.Adagrad(parameters, Lr, LrDecay, WeightDecay, InitialAccumulatorValue, Eps);
}
