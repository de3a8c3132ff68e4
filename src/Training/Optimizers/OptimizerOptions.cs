using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>An optimiser as an experiment names it, with PyTorch's names and defaults.</summary>
public abstract record OptimizerOptions
{
    private protected OptimizerOptions(double lr, double weightDecay = 0) => (Lr, WeightDecay) = (lr, weightDecay);

    /// <summary>Learning rate.</summary>
    [Range(0, double.MaxValue)]
    public double Lr { get; init; }

    /// <summary>L2 penalty, or, for AdamW, decay apart from the gradient.</summary>
    [Range(0, double.MaxValue)]
    public double WeightDecay { get; init; }

    /// <summary>Whether a schedule can cycle its momentum, or the first of its betas.</summary>
    public virtual bool HasMomentum => true;

    /// <summary>An optimiser over parameters, in state_dict order; the caller disposes it.</summary>
    public abstract optim.Optimizer Create(IEnumerable<Parameter> parameters);
}

/// <summary>Options of the methods that average gradients and their squares.</summary>
public abstract record BetaOptions : OptimizerOptions
{
    private protected BetaOptions(double lr, double weightDecay = 0)
        : base(lr, weightDecay)
    {
    }

    /// <summary>Shares of the two averages that a step keeps.</summary>
    public Betas Betas { get; init; } = new(0.9, 0.999);

    /// <summary>Added to the denominator.</summary>
    [Range(0, double.MaxValue)]
    public double Eps { get; init; } = 1e-8;
}

/// <summary>Written in YAML as [beta1, beta2].</summary>
/// <param name="Beta1">Of the gradients' average, in [0, 1).</param>
/// <param name="Beta2">Of the squares' average, in [0, 1).</param>
public readonly record struct Betas(
    [Range(0, 1.0, MaximumIsExclusive = true)] double Beta1,
    [Range(0, 1.0, MaximumIsExclusive = true)] double Beta2);
