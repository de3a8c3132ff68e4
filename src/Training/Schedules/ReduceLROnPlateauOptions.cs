using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using static TorchSharp.torch.optim;

namespace Osteon.Training;

/// <summary>What a plateau is sought in.</summary>
public enum PlateauMode
{
    /// <summary>The validation loss, which is to fall.</summary>
    Min,

    /// <summary>The mean validation Dice, or ROC AUC where images are classified, which is to rise.</summary>
    Max,
}

/// <summary>What an improvement is measured against.</summary>
public enum PlateauThresholdMode
{
    /// <summary>A share of the best so far.</summary>
    Rel,

    /// <summary>An amount.</summary>
    Abs,
}

/// <summary>Times a factor when the validation has not improved for a while; goes on once an epoch.</summary>
[Named("ReduceLROnPlateau")]
public sealed record ReduceLROnPlateauOptions : ScheduleOptions
{
    /// <summary>Min watches the validation loss, max the mean validation Dice, or ROC AUC where images are classified.</summary>
    public PlateauMode Mode { get; init; }

    /// <summary>The factor.</summary>
    [Range(0, 1.0, MaximumIsExclusive = true)]
    public double Factor { get; init; } = 0.1;

    /// <summary>Epochs without improvement that are let pass.</summary>
    [Range(0, int.MaxValue)]
    public int Patience { get; init; } = 10;

    /// <summary>Less than this is no improvement.</summary>
    [Range(0, double.MaxValue)]
    public double Threshold { get; init; } = 1e-4;

    /// <summary>What the threshold is of.</summary>
    public PlateauThresholdMode ThresholdMode { get; init; }

    /// <summary>Epochs after a fall that do not count.</summary>
    [Range(0, int.MaxValue)]
    public int Cooldown { get; init; }

    /// <summary>The lowest rate.</summary>
    [Range(0, double.MaxValue)]
    public double MinLr { get; init; }

    /// <summary>A fall smaller than this is left out.</summary>
    [Range(0, double.MaxValue)]
    public double Eps { get; init; } = 1e-8;

    /// <inheritdoc/>
    public override ScheduleInterval Rhythm => ScheduleInterval.Epoch;

    /// <inheritdoc/>
    public override lr_scheduler.LRScheduler Create(Optimizer optimizer, RunLength run) => lr_scheduler.ReduceLROnPlateau(
        optimizer, Mode == PlateauMode.Max ? "max" : "min", Factor, Patience, Threshold, ThresholdMode == PlateauThresholdMode.Abs ? "abs" : "rel", Cooldown, [MinLr], Eps);

    /// <inheritdoc/>
    public override double Watched(EpochRecord epoch) => Mode == PlateauMode.Max ? epoch.Headline : epoch.ValidationLoss;
}
