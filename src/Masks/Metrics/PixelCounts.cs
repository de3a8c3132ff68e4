namespace Osteon.Masks;

/// <summary>Pixels by prediction and truth.</summary>
/// <param name="TruePositive">Set in both.</param>
/// <param name="FalsePositive">Predicted only.</param>
/// <param name="FalseNegative">In the truth only.</param>
/// <param name="TrueNegative">Set in neither.</param>
public readonly record struct PixelCounts(long TruePositive, long FalsePositive, long FalseNegative, long TrueNegative)
{
    /// <summary>Pixels counted.</summary>
    public long All => TruePositive + FalsePositive + FalseNegative + TrueNegative;

    /// <summary>Pixels set in the truth.</summary>
    public long Positive => TruePositive + FalseNegative;

    /// <summary>Pixels not set in the truth.</summary>
    public long Negative => FalsePositive + TrueNegative;

    /// <summary>Counts of two images or classes together, for metrics over pooled pixels.</summary>
    public static PixelCounts operator +(PixelCounts a, PixelCounts b) => new(
        a.TruePositive + b.TruePositive, a.FalsePositive + b.FalsePositive, a.FalseNegative + b.FalseNegative, a.TrueNegative + b.TrueNegative);

    /// <summary>Counts of two images or classes together.</summary>
    public static PixelCounts Add(PixelCounts a, PixelCounts b) => a + b;

    /// <summary>2 tp / (2 tp + fp + fn).</summary>
    public double Dice(EmptyRule empty) => Or(PixelMetric.F1(this), empty);

    /// <summary>tp / (tp + fp + fn).</summary>
    public double IoU(EmptyRule empty) => Or(PixelMetric.IoU(this), empty);

    private static double Or(double value, EmptyRule empty) => (value, empty) switch
    {
        (not double.NaN, _) => value,
        (_, EmptyRule.One) => 1,
        (_, EmptyRule.Zero) => 0,
        _ => double.NaN,
    };
}
