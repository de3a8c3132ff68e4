using System.ComponentModel.DataAnnotations;

namespace Osteon.Abstractions;

/// <summary>What of a gradient is clipped; Lightning's words.</summary>
public enum GradientClip
{
    /// <summary>The L2 norm of all of it.</summary>
    Norm,

    /// <summary>Each element.</summary>
    Value,
}

/// <summary>Which way a metric is better.</summary>
public enum MetricMode
{
    /// <summary>The smaller.</summary>
    Min,

    /// <summary>The greater.</summary>
    Max,
}

/// <summary>Which epoch's weights are kept.</summary>
public sealed record BestPlan
{
    /// <summary>loss (of validation), train_loss, or a metric as in report.metrics, mean over classes (dice, hd95) or of one class (dice/femur).</summary>
    public string Metric { get; init; } = "dice";

    /// <summary>Null: as the metric is meant, so loss and distances min, dice and its like max.</summary>
    public MetricMode? Mode { get; init; }
}

/// <summary>Ends training when validation no longer improves, with the names and meaning of Lightning's EarlyStopping.</summary>
public sealed record EarlyStoppingPlan
{
    /// <summary>As train.best's; null: the same as there.</summary>
    public string? Metric { get; init; }

    /// <summary>Null: as the metric is meant.</summary>
    public MetricMode? Mode { get; init; }

    /// <summary>Epochs on end without improvement after which training ends.</summary>
    [Range(1, int.MaxValue)]
    public int Patience { get; init; } = 3;

    /// <summary>A change that is not larger is no improvement.</summary>
    [Range(0, double.MaxValue)]
    public double MinDelta { get; init; }

    /// <summary>Training ends once the metric is better than this; null: never for that.</summary>
    public double? StoppingThreshold { get; init; }
}

/// <summary>What a dead class does.</summary>
public enum DeadClassAction
{
    /// <summary>It is told. Training stops when no class is left that the others are told from: all are dead or, in multiclass mode, all but one.</summary>
    Warn,

    /// <summary>One is enough to stop training.</summary>
    Stop,
}

/// <summary>What stops a training that has gone wrong. A loss that is no number, and targets outside [0, 1], always do.</summary>
public sealed record GuardsPlan
{
    /// <summary>
    /// Epochs on end in which a class that validation cases have is predicted in none of them, after which it is dead; 0: never. Null: half
    /// of all epochs, and at least 20.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int? DeadClassEpochs { get; init; }

    /// <summary>What then happens.</summary>
    public DeadClassAction DeadClass { get; init; }

    /// <summary>How many times its lowest the smoothed training loss may be; 0: any.</summary>
    [Range(0, double.MaxValue)]
    public double DivergenceFactor { get; init; } = 10;

    /// <summary>Steps on end that the loss has to be above that, and above half of where it began, for training to stop.</summary>
    [Range(1, int.MaxValue)]
    public int DivergenceSteps { get; init; } = 100;
}

/// <summary>When a checkpoint is written, besides the ones at every epoch's end and at Ctrl-C.</summary>
public sealed record CheckpointPlan
{
    /// <summary>After every so many batches of an epoch; 0: not within epochs. For epochs that take hours.</summary>
    [Range(0, int.MaxValue)]
    public int EveryNTrainSteps { get; init; }
}
