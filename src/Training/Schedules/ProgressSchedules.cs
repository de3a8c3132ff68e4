using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using static TorchSharp.torch.optim;

namespace Osteon.Training;

/// <summary>A factor of the rate as a function of progress alone, set anew at each step: the same curve for any number of epochs and any batch.</summary>
public abstract record ProgressScheduleOptions : ScheduleOptions
{
    private protected ProgressScheduleOptions()
    {
    }

    /// <summary>Share of all steps over which the rate climbs from 0 to its full value.</summary>
    [Range(0, 1.0, MaximumIsExclusive = true)]
    public double Warmup { get; init; }

    /// <inheritdoc/>
    public sealed override ScheduleInterval Rhythm => ScheduleInterval.Step;

    /// <inheritdoc/>
    public sealed override lr_scheduler.LRScheduler Create(Optimizer optimizer, RunLength run) =>
        lr_scheduler.LambdaLR(optimizer, step => Factor(step, run.Steps));

    /// <summary>The factor for a step.</summary>
    /// <param name="step">Steps done, from 0.</param>
    /// <param name="total">Steps in the whole run.</param>
    public double Factor(long step, long total)
    {
        var warmup = (long)(Warmup * total);
        return step < warmup ? (step + 1.0) / (warmup + 1)
            : At(total == warmup ? 0 : (double)(step - warmup) / (total - warmup));
    }

    /// <summary>The factor behind the warm-up.</summary>
    /// <param name="t">Progress, in [0, 1].</param>
    private protected abstract double At(double t);
}

/// <summary>The full rate.</summary>
[Named("Constant")]
public sealed record ConstantOptions : ProgressScheduleOptions
{
    private protected override double At(double t) => 1;
}

/// <summary>Half a cosine from 1 down to a floor (Loshchilov and Hutter 2017, arXiv:1608.03983, without restarts).</summary>
[Named("Cosine")]
public sealed record CosineOptions : ProgressScheduleOptions
{
    /// <summary>The last factor.</summary>
    [Range(0, 1.0)]
    public double Floor { get; init; } = 0.01;

    private protected override double At(double t) => Floor + ((1 - Floor) * 0.5 * (1 + Math.Cos(Math.PI * t)));
}

/// <summary>(1 − t)^power, as nnU-Net and DeepLab use it.</summary>
[Named("Poly")]
public sealed record PolyOptions : ProgressScheduleOptions
{
    /// <summary>The exponent.</summary>
    [Range(0, double.MaxValue)]
    public double Power { get; init; } = 0.9;

    private protected override double At(double t) => Math.Pow(1 - t, Power);
}
