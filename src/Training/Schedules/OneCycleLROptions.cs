using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using static TorchSharp.torch.optim;
using static TorchSharp.torch.optim.lr_scheduler.impl;

namespace Osteon.Training;

/// <summary>Up to a highest rate and down to next to nothing, the momentum the other way; the optimiser's own lr does not count.</summary>
[Named("OneCycleLR")]
public sealed record OneCycleLROptions : IntervalScheduleOptions
{
    /// <summary>The highest rate.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double MaxLr { get; init; }

    /// <summary>Intervals of the cycle, at least the run's; null: the run's.</summary>
    [Range(1, int.MaxValue)]
    public int? TotalSteps { get; init; }

    /// <summary>Share of the cycle that climbs.</summary>
    [Range(0, 1.0)]
    public double PctStart { get; init; } = 0.3;

    /// <summary>The shape of climb and descent.</summary>
    public OneCycleLR.AnnealStrategy AnnealStrategy { get; init; } = OneCycleLR.AnnealStrategy.Cos;

    /// <summary>Whether the momentum, or the first of the betas, falls while the rate climbs.</summary>
    public bool CycleMomentum { get; init; } = true;

    /// <summary>The momentum at the highest rate.</summary>
    [Range(0, 1.0, MaximumIsExclusive = true)]
    public double BaseMomentum { get; init; } = 0.85;

    /// <summary>The momentum at the ends.</summary>
    [Range(0, 1.0, MaximumIsExclusive = true)]
    public double MaxMomentum { get; init; } = 0.95;

    /// <summary>The highest rate over the first.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double DivFactor { get; init; } = 25;

    /// <summary>The first rate over the last.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double FinalDivFactor { get; init; } = 1e4;

    /// <summary>Comes down as it went up, and only then on to next to nothing.</summary>
    public bool ThreePhase { get; init; }

    private protected override ScheduleInterval Usual => ScheduleInterval.Step;

    /// <inheritdoc/>
    public override lr_scheduler.LRScheduler Create(Optimizer optimizer, RunLength run)
    {
        var needed = checked((int)(Rhythm == ScheduleInterval.Step ? run.Steps : run.Epochs));
        return TotalSteps is { } total && total < needed
            ? throw new ConfigurationException($"train.schedule.OneCycleLR.total_steps is {total}, but the run has {needed} {(Rhythm == ScheduleInterval.Step ? "steps" : "epochs")}. Remove it to take the run's.")
            : lr_scheduler.OneCycleLR(optimizer, [MaxLr], TotalSteps ?? needed, pct_start: PctStart, anneal_strategy: AnnealStrategy, cycle_momentum: CycleMomentum,
                base_momentum: [BaseMomentum], max_momentum: [MaxMomentum], div_factor: DivFactor, final_div_factor: FinalDivFactor, three_phase: ThreePhase);
    }

    /// <inheritdoc/>
    public override string? ClashWith(OptimizerOptions optimizer) => CycleMomentum && !optimizer.HasMomentum
        ? "cycles the momentum, and this optimizer has none. Write cycle_momentum: false, or choose another optimizer."
        : null;
}
