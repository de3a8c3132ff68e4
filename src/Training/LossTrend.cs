using Osteon.Abstractions;

namespace Osteon.Training;

/// <summary>The training loss over steps, smoothed, to tell a learning rate that diverges. Part of a checkpoint.</summary>
public sealed record LossTrend
{
    // A loss of one batch says little: some fifty are averaged, and so many are waited for before any is judged.
    private const double Keep = 0.98;
    private const int Settled = 20;

    /// <summary>Losses averaged with falling weights, not yet divided by their sum.</summary>
    public double Sum { get; init; }

    /// <summary>Steps seen.</summary>
    public int Steps { get; init; }

    /// <summary>Where it settled first.</summary>
    public double First { get; init; }

    /// <summary>Its lowest.</summary>
    public double Lowest { get; init; } = double.PositiveInfinity;

    /// <summary>Steps on end that it has been too high.</summary>
    public int TooHigh { get; init; }

    /// <summary>The smoothed loss now.</summary>
    public double Smoothed => Sum / (1 - Math.Pow(Keep, Math.Max(Steps, 1)));

    /// <summary>With one more step.</summary>
    public LossTrend With(double loss, GuardsPlan guards)
    {
        var next = this with { Sum = (Keep * Sum) + ((1 - Keep) * loss), Steps = Steps + 1 };
        if (next.Steps < Settled)
        {
            return next;
        }

        var (now, first) = (next.Smoothed, next.Steps == Settled ? next.Smoothed : First);
        var lowest = Math.Min(Lowest, now);

        // A loss near 0 jumps by factors and means nothing by it: it has to have lost half of all that was learnt, too.
        var isHigh = guards.DivergenceFactor > 0 && lowest > 0 && now > guards.DivergenceFactor * lowest && now > first / 2;
        return next with { First = first, Lowest = lowest, TooHigh = isHigh ? TooHigh + 1 : 0 };
    }
}
