namespace Osteon.Masks;

/// <summary>What a ratio is worth when both masks are empty and it would be 0 / 0.</summary>
public enum EmptyRule
{
    /// <summary>1: nothing was there and nothing was found. The hand-bone baseline's rule, by its epsilon.</summary>
    One,

    /// <summary>0.</summary>
    Zero,

    /// <summary>NaN, which <see cref="MaskMetrics.Mean"/> leaves out: the pair says nothing about the class.</summary>
    Skip,
}

/// <summary>Pixels by prediction and truth.</summary>
/// <param name="TruePositive">Set in both.</param>
/// <param name="FalsePositive">Predicted only.</param>
/// <param name="FalseNegative">In the truth only.</param>
public readonly record struct PixelCounts(long TruePositive, long FalsePositive, long FalseNegative)
{
    /// <summary>Counts of two images or classes together, for metrics over pooled pixels.</summary>
    public static PixelCounts operator +(PixelCounts a, PixelCounts b) =>
        new(a.TruePositive + b.TruePositive, a.FalsePositive + b.FalsePositive, a.FalseNegative + b.FalseNegative);

    /// <summary>Counts of two images or classes together.</summary>
    public static PixelCounts Add(PixelCounts a, PixelCounts b) => a + b;

    /// <summary>2 tp / (2 tp + fp + fn).</summary>
    public double Dice(EmptyRule empty) => Ratio(2 * TruePositive, (2 * TruePositive) + FalsePositive + FalseNegative, empty);

    /// <summary>tp / (tp + fp + fn).</summary>
    public double IoU(EmptyRule empty) => Ratio(TruePositive, TruePositive + FalsePositive + FalseNegative, empty);

    private static double Ratio(long part, long whole, EmptyRule empty) => (whole, empty) switch
    {
        (not 0, _) => (double)part / whole,
        (_, EmptyRule.One) => 1,
        (_, EmptyRule.Zero) => 0,
        _ => double.NaN,
    };
}

/// <summary>Agreement of two masks, counted on runs: O(runs), no allocation, exact.</summary>
/// <remarks>Definitions: Maier-Hein et al. 2024, Metrics Reloaded, doi:10.1038/s41592-023-02151-z. One empty mask of two makes Dice and IoU 0.</remarks>
public static class MaskMetrics
{
    /// <summary>Pixels set in both.</summary>
    /// <exception cref="ArgumentException">The frames differ.</exception>
    public static long Intersection(Mask a, Mask b)
    {
        if (a.Frame != b.Frame)
        {
            throw new ArgumentException($"Masks of {a.Frame} and {b.Frame} cannot be compared.", nameof(b));
        }

        var left = a.Runs;
        var right = b.Runs;
        var common = 0L;
        for (int i = 0, j = 0; i < left.Length && j < right.Length;)
        {
            var (p, q) = (left[i], right[j]);
            common += Math.Max(0, Math.Min(p.End, q.End) - Math.Max(p.Start, q.Start));
            if (p.End <= q.End)
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return common;
    }

    /// <summary>True and false positives and false negatives.</summary>
    /// <exception cref="ArgumentException">The frames differ.</exception>
    public static PixelCounts Counts(Mask prediction, Mask truth)
    {
        var common = Intersection(prediction, truth);
        return new PixelCounts(common, prediction.Area - common, truth.Area - common);
    }

    /// <summary>2 |A∩B| / (|A| + |B|), in [0, 1].</summary>
    /// <exception cref="ArgumentException">The frames differ.</exception>
    public static double Dice(Mask prediction, Mask truth, EmptyRule empty = EmptyRule.One) => Counts(prediction, truth).Dice(empty);

    /// <summary>|A∩B| / |A∪B|, in [0, 1].</summary>
    /// <exception cref="ArgumentException">The frames differ.</exception>
    public static double IoU(Mask prediction, Mask truth, EmptyRule empty = EmptyRule.One) => Counts(prediction, truth).IoU(empty);

    /// <summary>The mean of the values that are numbers; NaN when there is none.</summary>
    public static double Mean(ReadOnlySpan<double> values)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in values)
        {
            (sum, count) = double.IsNaN(value) ? (sum, count) : (sum + value, count + 1);
        }

        return count == 0 ? double.NaN : sum / count;
    }
}
