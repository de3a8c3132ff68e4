using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>Adam with Nesterov momentum.</summary>
[Named("NAdam")]
public sealed record NAdamOptions() : BetaOptions(lr: 2e-3)
{
    /// <summary>How fast the momentum rises to the first beta.</summary>
    [Range(0, double.MaxValue)]
    public double MomentumDecay { get; init; } = 4e-3;

    /// <inheritdoc/>
    public override optim.Optimizer Create(IEnumerable<Parameter> parameters) =>
        optim.NAdam(parameters, Lr, Betas.Beta1, Betas.Beta2, Eps, WeightDecay, MomentumDecay);
}

/// <summary>Adam that keeps its adaptive rate back until its variance is known.</summary>
[Named("RAdam")]
public sealed record RAdamOptions() : BetaOptions(lr: 1e-3)
{
    /// <inheritdoc/>
    public override optim.Optimizer Create(IEnumerable<Parameter> parameters) =>
        optim.RAdam(parameters, Lr, Betas.Beta1, Betas.Beta2, Eps, WeightDecay);
}
