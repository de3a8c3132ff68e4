using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using static TorchSharp.torch.optim;

namespace Osteon.Training;

/// <summary>A schedule made of others, which all count what it counts.</summary>
public abstract record CombinedScheduleOptions : IntervalScheduleOptions, IValidatableObject
{
    private protected CombinedScheduleOptions()
    {
    }

    /// <summary>The parts, in order.</summary>
    public required IReadOnlyList<PartScheduleOptions> Schedulers { get; init; }

    /// <inheritdoc/>
    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Schedulers.Count < 2)
        {
            yield return new ValidationResult("has fewer than two parts, as in [LinearLR: {total_iters: 5}, CosineAnnealingLR: {T_max: 25}].", [nameof(Schedulers)]);
        }

        if (Schedulers.Any(s => s.Interval is not null))
        {
            yield return new ValidationResult("has a part with an interval of its own. Write it beside schedulers: it holds for all parts.", [nameof(Schedulers)]);
        }
    }

    private protected List<lr_scheduler.LRScheduler> Parts(Optimizer optimizer, RunLength run) => [.. Schedulers.Select(s => s.Create(optimizer, run))];
}

/// <summary>One schedule after another.</summary>
[Named("SequentialLR")]
public sealed record SequentialLROptions : CombinedScheduleOptions
{
    /// <summary>Where each part but the first begins, and counts from 0.</summary>
    public required IReadOnlyList<int> Milestones { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var before = Milestones.Prepend(0).Zip(Milestones);
        return Milestones.Count != Schedulers.Count - 1 || before.Any(m => m.First >= m.Second)
            ? [.. base.Validate(validationContext), new ValidationResult($"has {Milestones.Count} numbers for {Schedulers.Count} schedulers; expected one fewer than schedulers, rising from 1 on.", [nameof(Milestones)])]
            : base.Validate(validationContext);
    }

    /// <inheritdoc/>
    public override lr_scheduler.LRScheduler Create(Optimizer optimizer, RunLength run) => lr_scheduler.SequentialLR(optimizer, Parts(optimizer, run), Milestones);
}

/// <summary>Several schedules at once, each changing what the one before has set.</summary>
[Named("ChainedScheduler")]
public sealed record ChainedSchedulerOptions : CombinedScheduleOptions
{
    /// <inheritdoc/>
    public override lr_scheduler.LRScheduler Create(Optimizer optimizer, RunLength run) => lr_scheduler.ChainedLR(Parts(optimizer, run));
}
