using static TorchSharp.torch.optim;

namespace Osteon.Training;

/// <summary>How long a run is, in what its schedule counts.</summary>
/// <param name="Epochs">Passes over the training cases.</param>
/// <param name="StepsPerEpoch">Steps in each.</param>
public readonly record struct RunLength(int Epochs, int StepsPerEpoch)
{
    /// <summary>Steps of the whole run.</summary>
    public long Steps => (long)Epochs * StepsPerEpoch;
}

/// <summary>How often a schedule goes on.</summary>
public enum ScheduleInterval
{
    /// <summary>Once an epoch.</summary>
    Epoch,

    /// <summary>Once an update of the weights.</summary>
    Step,
}

/// <summary>A learning rate over a run, as an experiment names it.</summary>
public abstract record ScheduleOptions
{
    private protected ScheduleOptions()
    {
    }

    /// <summary>When it goes on.</summary>
    public abstract ScheduleInterval Rhythm { get; }

    /// <summary>A schedule that has set the rate of the first step.</summary>
    /// <exception cref="Abstractions.ConfigurationException">It does not go with the run's length.</exception>
    public abstract lr_scheduler.LRScheduler Create(Optimizer optimizer, RunLength run);

    /// <summary>What it is told of a finished epoch. Only <see cref="ReduceLROnPlateauOptions"/> cares.</summary>
    public virtual double Watched(EpochRecord epoch) => epoch.ValidationLoss;

    /// <summary>Why it does not go with an optimiser, or null.</summary>
    public virtual string? ClashWith(OptimizerOptions optimizer) => null;
}

/// <summary>One of PyTorch's schedules, under its names and with its defaults.</summary>
public abstract record IntervalScheduleOptions : ScheduleOptions
{
    private protected IntervalScheduleOptions()
    {
    }

    /// <summary>What its counts count; null: epochs, or, for OneCycleLR, steps, as PyTorch documents.</summary>
    public ScheduleInterval? Interval { get; init; }

    /// <inheritdoc/>
    public sealed override ScheduleInterval Rhythm => Interval ?? Usual;

    private protected virtual ScheduleInterval Usual => ScheduleInterval.Epoch;
}

/// <summary>A schedule that can be part of others.</summary>
public abstract record PartScheduleOptions : IntervalScheduleOptions
{
    private protected PartScheduleOptions()
    {
    }
}
