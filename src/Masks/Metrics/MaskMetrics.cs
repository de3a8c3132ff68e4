namespace Osteon.Masks;

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

    /// <summary>True and false positives and negatives.</summary>
    /// <exception cref="ArgumentException">The frames differ.</exception>
    public static PixelCounts Counts(Mask prediction, Mask truth)
    {
        var common = Intersection(prediction, truth);
        var (predicted, present) = (prediction.Area, truth.Area);
        return new PixelCounts(common, predicted - common, present - common, truth.Frame.Area - predicted - present + common);
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
