using Osteon.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>Adam; weight decay is added to the gradient.</summary>
[Named("Adam")]
public sealed record AdamOptions() : BetaOptions(lr: 1e-3)
{
    /// <summary>Divides by the largest average of squares so far.</summary>
    public bool Amsgrad { get; init; }

    /// <inheritdoc/>
    public override optim.Optimizer Create(IEnumerable<Parameter> parameters) =>
        optim.Adam(parameters, Lr, Betas.Beta1, Betas.Beta2, Eps, WeightDecay, Amsgrad);
}

/// <summary>Adam; weights decay by themselves.</summary>
[Named("AdamW")]
public sealed record AdamWOptions() : BetaOptions(lr: 1e-3, weightDecay: 1e-2)
{
    /// <summary>Divides by the largest average of squares so far.</summary>
    public bool Amsgrad { get; init; }

    /// <inheritdoc/>
    public override optim.Optimizer Create(IEnumerable<Parameter> parameters) =>
        optim.AdamW(parameters, Lr, Betas.Beta1, Betas.Beta2, Eps, WeightDecay, Amsgrad);
}
