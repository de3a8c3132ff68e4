using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>RMSprop, with eps added after the root.</summary>
[Named("RMSprop")]
public sealed record RmsPropOptions() : OptimizerOptions(lr: 1e-2)
{
    /// <summary>Share of the squares' average that a step keeps.</summary>
    [Range(0, 1.0)]
    public double Alpha { get; init; } = 0.99;

    /// <summary>Added to the denominator.</summary>
    [Range(0, double.MaxValue)]
    public double Eps { get; init; } = 1e-8;

    /// <summary>Share of the velocity that a step keeps.</summary>
    [Range(0, double.MaxValue)]
    public double Momentum { get; init; }

    /// <summary>Divides by the deviation, not by the root of the mean square.</summary>
    public bool Centered { get; init; }

    /// <inheritdoc/>
    public override optim.Optimizer Create(IEnumerable<Parameter> parameters) =>
        optim.RMSProp(parameters, Lr, Alpha, Eps, WeightDecay, Momentum, Centered);
}
