namespace Osteon.Metrics;

/// <summary>Receiver operating characteristic: what share of a class is found against what share of the rest is taken for it, over all thresholds.</summary>
/// <remarks>Fawcett 2006, doi:10.1016/j.patrec.2005.10.010. The area is the Mann-Whitney statistic with ties by mid-rank: Hanley, McNeil 1982, doi:10.1148/radiology.143.1.7063747.</remarks>
public sealed class RocCurve
{
    private RocCurve(IReadOnlyList<RocPoint> points, double area, int positives, int negatives) => (Points, Area, Positives, Negatives) = (points, area, positives, negatives);

    /// <summary>From (0, 0), where no case reaches the threshold, to (1, 1); points in the middle of a straight line are left out. Empty where <see cref="Area"/> is NaN.</summary>
    public IReadOnlyList<RocPoint> Points { get; }

    /// <summary>How often a case of the class has a greater score than one of the rest, in [0, 1]; equal scores count half. NaN where there is no pair.</summary>
    public double Area { get; }

    /// <summary>Cases of the class.</summary>
    public int Positives { get; }

    /// <summary>Cases of the rest.</summary>
    public int Negatives { get; }

    /// <summary>The curve of some cases.</summary>
    /// <param name="positive">Whether a case is of the class.</param>
    /// <param name="scores">One a case; the greater, the more of the class it looks.</param>
    /// <exception cref="ArgumentException">Not one score a case, or one that is not a number.</exception>
    public static RocCurve Of(IReadOnlyList<bool> positive, IReadOnlyList<double> scores)
    {
        var ranked = RankedCases.Of(positive, scores);
        var (positives, negatives) = ranked.Count == 0 ? (0, 0) : (ranked[^1].TruePositives, ranked[^1].FalsePositives);
        if (positives == 0 || negatives == 0)
        {
            return new RocCurve([], double.NaN, positives, negatives);
        }

        // Twice the area in pairs of cases: whole numbers, so the order of cases cannot change the last digit.
        var (pairs, before) = (0L, (Score: double.PositiveInfinity, TruePositives: 0, FalsePositives: 0));
        var kept = new List<(double Score, int TruePositives, int FalsePositives)> { before };
        foreach (var at in ranked)
        {
            pairs += (long)(at.FalsePositives - before.FalsePositives) * (at.TruePositives + before.TruePositives);
            before = at;
            if (kept.Count > 1 && IsStraight(kept[^2], kept[^1], at))
            {
                kept.RemoveAt(kept.Count - 1);
            }

            kept.Add(at);
        }

        return new RocCurve([.. kept.Select(k => new RocPoint((double)k.FalsePositives / negatives, (double)k.TruePositives / positives, k.Score))],
            pairs / (2.0 * positives * negatives), positives, negatives);
    }

    private static bool IsStraight((double, int Found, int Taken) a, (double, int Found, int Taken) b, (double, int Found, int Taken) c) =>
        (long)(b.Found - a.Found) * (c.Taken - b.Taken) == (long)(c.Found - b.Found) * (b.Taken - a.Taken);
}

/// <summary>One threshold of a ROC curve.</summary>
/// <param name="FalsePositiveRate">1 − specificity.</param>
/// <param name="TruePositiveRate">Sensitivity, recall.</param>
/// <param name="Threshold">The least score that counts as the class; infinite at (0, 0).</param>
public readonly record struct RocPoint(double FalsePositiveRate, double TruePositiveRate, double Threshold);
