using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using static TorchSharp.torch.optim;

namespace Osteon.Training;

/// <summary>Times gamma every so many intervals.</summary>
[Named("StepLR")]
public sealed record StepLROptions : PartScheduleOptions
{
    /// <summary>Intervals between two falls.</summary>
    [Range(1, int.MaxValue)]
    public required int StepSize { get; init; }

    /// <summary>The factor.</summary>
    [Range(0, double.MaxValue)]
    public double Gamma { get; init; } = 0.1;

    /// <inheritdoc/>
    public override lr_scheduler.LRScheduler Create(Optimizer optimizer, RunLength run) => lr_scheduler.StepLR(optimizer, StepSize, Gamma);
}

/// <summary>Times gamma at each milestone.</summary>
[Named("MultiStepLR")]
public sealed record MultiStepLROptions : PartScheduleOptions, IValidatableObject
{
    /// <summary>Intervals after which the rate falls; one that comes twice counts twice.</summary>
    public required IReadOnlyList<int> Milestones { get; init; }

    /// <summary>The factor.</summary>
    [Range(0, double.MaxValue)]
    public double Gamma { get; init; } = 0.1;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Milestones.Count == 0 || Milestones.Any(m => m < 1))
        {
            yield return new ValidationResult("must be counts of at least 1, as in [30, 80].", [nameof(Milestones)]);
        }
    }

    /// <inheritdoc/>
    public override lr_scheduler.LRScheduler Create(Optimizer optimizer, RunLength run) => lr_scheduler.MultiStepLR(optimizer, [.. Milestones], Gamma);
}

/// <summary>Times gamma at each interval.</summary>
[Named("ExponentialLR")]
public sealed record ExponentialLROptions : PartScheduleOptions
{
    /// <summary>The factor.</summary>
    [Range(0, double.MaxValue)]
    public required double Gamma { get; init; }

    /// <inheritdoc/>
    public override lr_scheduler.LRScheduler Create(Optimizer optimizer, RunLength run) => lr_scheduler.ExponentialLR(optimizer, Gamma);
}

/// <summary>A factor for the first intervals.</summary>
[Named("ConstantLR")]
public sealed record ConstantLROptions : PartScheduleOptions
{
    /// <summary>The factor.</summary>
    [Range(0, 1.0, MinimumIsExclusive = true)]
    public double Factor { get; init; } = 1.0 / 3;

    /// <summary>How many intervals.</summary>
    [Range(1, int.MaxValue)]
    public int TotalIters { get; init; } = 5;

    /// <inheritdoc/>
    public override lr_scheduler.LRScheduler Create(Optimizer optimizer, RunLength run) => lr_scheduler.ConstantLR(optimizer, Factor, TotalIters);
}

/// <summary>A factor that goes from one value to another in a straight line: a warm-up.</summary>
[Named("LinearLR")]
public sealed record LinearLROptions : PartScheduleOptions
{
    /// <summary>The first factor.</summary>
    [Range(0, 1.0, MinimumIsExclusive = true)]
    public double StartFactor { get; init; } = 1.0 / 3;

    /// <summary>The last factor.</summary>
    [Range(0, 1.0)]
    public double EndFactor { get; init; } = 1;

    /// <summary>How many intervals.</summary>
    [Range(1, int.MaxValue)]
    public int TotalIters { get; init; } = 5;

    /// <inheritdoc/>
    public override lr_scheduler.LRScheduler Create(Optimizer optimizer, RunLength run) => lr_scheduler.LinearLR(optimizer, StartFactor, EndFactor, TotalIters);
}

/// <summary>(1 − t / total)^power, then 0.</summary>
[Named("PolynomialLR")]
public sealed record PolynomialLROptions : PartScheduleOptions
{
    /// <summary>How many intervals.</summary>
    [Range(1, int.MaxValue)]
    public int TotalIters { get; init; } = 5;

    /// <summary>The exponent.</summary>
    [Range(0, double.MaxValue)]
    public double Power { get; init; } = 1;

    /// <inheritdoc/>
    public override lr_scheduler.LRScheduler Create(Optimizer optimizer, RunLength run) => lr_scheduler.PolynomialLR(optimizer, TotalIters, Power);
}
