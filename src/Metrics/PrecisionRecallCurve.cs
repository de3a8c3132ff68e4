namespace Osteon.Metrics;

/// <summary>Precision against recall of a class over all thresholds: it tells more than a ROC curve where the class is rare.</summary>
/// <remarks>Davis, Goadrich 2006, doi:10.1145/1143844.1143874: between its points precision does not go straight, so the area under straight lines would flatter; average precision takes steps.</remarks>
public sealed class PrecisionRecallCurve
{
    private PrecisionRecallCurve(IReadOnlyList<PrecisionRecallPoint> points, double averagePrecision, double prevalence) =>
        (Points, AveragePrecision, Prevalence) = (points, averagePrecision, prevalence);

    /// <summary>From recall 0 and precision 1, where no case reaches the threshold, to recall 1, a point a score that occurs. Empty where <see cref="AveragePrecision"/> is NaN.</summary>
    public IReadOnlyList<PrecisionRecallPoint> Points { get; }

    /// <summary>Σ (Rₙ − Rₙ₋₁) Pₙ, in (0, 1]; NaN without a case of the class.</summary>
    public double AveragePrecision { get; }

    /// <summary>Share of cases that are of the class: the precision of guessing.</summary>
    public double Prevalence { get; }

    /// <summary>The curve of some cases.</summary>
    /// <param name="positive">Whether a case is of the class.</param>
    /// <param name="scores">One a case; the greater, the more of the class it looks.</param>
    /// <exception cref="ArgumentException">Not one score a case, or one that is not a number.</exception>
    public static PrecisionRecallCurve Of(IReadOnlyList<bool> positive, IReadOnlyList<double> scores)
    {
        var ranked = RankedCases.Of(positive, scores);
        var positives = ranked.Count == 0 ? 0 : ranked[^1].TruePositives;
        if (positives == 0)
        {
            return new PrecisionRecallCurve([], double.NaN, 0);
        }

        var points = new List<PrecisionRecallPoint> { new(0, 1, double.PositiveInfinity) };
        var (area, found) = (0.0, 0);
        foreach (var at in ranked)
        {
            var precision = (double)at.TruePositives / (at.TruePositives + at.FalsePositives);
            area += (at.TruePositives - found) * precision;
            found = at.TruePositives;
            points.Add(new PrecisionRecallPoint((double)found / positives, precision, at.Score));
        }

        return new PrecisionRecallCurve(points, area / positives, (double)positives / positive.Count);
    }
}

/// <summary>One threshold of a precision-recall curve.</summary>
/// <param name="Recall">Found ones of the class.</param>
/// <param name="Precision">Right ones of those taken for it.</param>
/// <param name="Threshold">The least score that counts as the class; infinite where none does.</param>
public readonly record struct PrecisionRecallPoint(double Recall, double Precision, double Threshold);
