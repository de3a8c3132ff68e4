using System.ComponentModel.DataAnnotations;

namespace Osteon.Abstractions;

/// <summary>The exponential moving average of the weights, with the names, defaults and formulas of timm's ModelEmaV3.</summary>
public sealed record EmaPlan : IValidatableObject
{
    /// <summary>Share of the average that an update keeps.</summary>
    [Range(0, 1.0, MaximumIsExclusive = true)]
    public double Decay { get; init; } = 0.9999;

    /// <summary>The least share, while it warms up.</summary>
    [Range(0, 1.0, MaximumIsExclusive = true)]
    public double MinDecay { get; init; }

    /// <summary>Updates before the average begins; until then it is the weights themselves.</summary>
    [Range(0, int.MaxValue)]
    public int UpdateAfterStep { get; init; }

    /// <summary>Whether the share grows from 0 to decay, as 1 − (1 + step / warmup_gamma)^−warmup_power: short trainings need it.</summary>
    public bool UseWarmup { get; init; }

    /// <summary>How slowly it grows.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double WarmupGamma { get; init; } = 1;

    /// <summary>2/3 reaches 0.999 in 32 thousand updates, 3/4 in 10 thousand.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double WarmupPower { get; init; } = 2.0 / 3;

    /// <summary>Whether buffers, such as BatchNorm's running statistics, are copied instead of averaged.</summary>
    public bool ExcludeBuffers { get; init; }

    /// <summary>
    /// Whether the average is what is validated, kept and predicted with. False: that is the last step's weights, and the best epoch's average
    /// is left beside them as ema.safetensors.
    /// </summary>
    public bool ForInference { get; init; } = true;

    /// <summary>The share that an update keeps.</summary>
    /// <param name="update">From 1.</param>
    public double DecayAt(long update)
    {
        var step = Math.Max(0, update - UpdateAfterStep - 1);
        return step == 0 ? 0
            : !UseWarmup ? Decay
            : Math.Max(Math.Min(1 - Math.Pow(1 + (step / WarmupGamma), -WarmupPower), Decay), MinDecay);
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MinDecay > Decay)
        {
            yield return new ValidationResult($"is {MinDecay}, above decay {Decay}.", [nameof(MinDecay)]);
        }
    }
}
