using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using static TorchSharp.torch.optim;

namespace Osteon.Training;

/// <summary>Half a cosine down to a floor, and up again.</summary>
[Named("CosineAnnealingLR")]
public sealed record CosineAnnealingLROptions : PartScheduleOptions
{
    /// <summary>Intervals of a half.</summary>
    [Named("T_max")]
    [Range(1, int.MaxValue)]
    public required int TMax { get; init; }

    /// <summary>The lowest rate.</summary>
    [Range(0, double.MaxValue)]
    public double EtaMin { get; init; }

    /// <inheritdoc/>
    public override lr_scheduler.LRScheduler Create(Optimizer optimizer, RunLength run) => lr_scheduler.CosineAnnealingLR(optimizer, TMax, EtaMin);
}

/// <summary>Half a cosine down to a floor, again and again, each longer than the last.</summary>
[Named("CosineAnnealingWarmRestarts")]
public sealed record CosineAnnealingWarmRestartsOptions : PartScheduleOptions
{
    /// <summary>Intervals of the first fall.</summary>
    [Named("T_0")]
    [Range(1, int.MaxValue)]
    public required int T0 { get; init; }

    /// <summary>What each fall is longer by than the one before.</summary>
    [Named("T_mult")]
    [Range(1, int.MaxValue)]
    public int TMult { get; init; } = 1;

    /// <summary>The lowest rate.</summary>
    [Range(0, double.MaxValue)]
    public double EtaMin { get; init; }

    /// <inheritdoc/>
    public override lr_scheduler.LRScheduler Create(Optimizer optimizer, RunLength run) => lr_scheduler.CosineAnnealingWarmRestarts(optimizer, T0, TMult, EtaMin);
}
