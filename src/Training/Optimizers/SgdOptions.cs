using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>Stochastic gradient descent.</summary>
[Named("SGD")]
public sealed record SgdOptions() : OptimizerOptions(lr: 1e-3), IValidatableObject
{
    /// <summary>Share of the velocity that a step keeps.</summary>
    [Range(0, double.MaxValue)]
    public double Momentum { get; init; }

    /// <summary>Share of the gradient that the velocity does not take in.</summary>
    [Range(0, 1.0)]
    public double Dampening { get; init; }

    /// <summary>Nesterov's momentum.</summary>
    public bool Nesterov { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Nesterov && (Momentum == 0 || Dampening != 0))
        {
            yield return new ValidationResult("needs a momentum above 0 and no dampening, as in {momentum: 0.9, nesterov: true}.", [nameof(Nesterov)]);
        }
    }

    /// <inheritdoc/>
    public override optim.Optimizer Create(IEnumerable<Parameter> parameters) =>
        optim.SGD(parameters, Lr, Momentum, Dampening, WeightDecay, Nesterov);
}
