namespace Osteon.Masks;

/// <summary>
/// Functions of pixel counts under SMP's names. A ratio is NaN where it is 0 / 0 and infinite where only its denominator is 0;
/// <see cref="PixelTable"/> says what becomes of NaN.
/// </summary>
public static class PixelMetric
{
    /// <summary>All of them by name; fbeta_score takes its beta from <see cref="FBeta"/> and is not among them.</summary>
    public static IReadOnlyDictionary<string, Func<PixelCounts, double>> ByName { get; } = new SortedDictionary<string, Func<PixelCounts, double>>(StringComparer.Ordinal)
    {
        ["accuracy"] = Accuracy,
        ["balanced_accuracy"] = BalancedAccuracy,
        ["f1_score"] = F1,
        ["false_discovery_rate"] = c => Ratio(c.FalsePositive, c.TruePositive + c.FalsePositive),
        ["false_negative_rate"] = FalseNegativeRate,
        ["false_omission_rate"] = c => Ratio(c.FalseNegative, c.TrueNegative + c.FalseNegative),
        ["false_positive_rate"] = FalsePositiveRate,
        ["iou_score"] = IoU,
        ["negative_likelihood_ratio"] = c => FalseNegativeRate(c) / Specificity(c),
        ["negative_predictive_value"] = c => Ratio(c.TrueNegative, c.TrueNegative + c.FalseNegative),
        ["positive_likelihood_ratio"] = c => Sensitivity(c) / FalsePositiveRate(c),
        ["positive_predictive_value"] = Precision,
        ["precision"] = Precision,
        ["recall"] = Sensitivity,
        ["sensitivity"] = Sensitivity,
        ["specificity"] = Specificity,
    };

    /// <summary>(1 + β²) tp / ((1 + β²) tp + β² fn + fp): recall weighs β times as much as precision.</summary>
    public static Func<PixelCounts, double> FBeta(double beta) => c =>
    {
        var square = beta * beta;
        return (1 + square) * c.TruePositive / (((1 + square) * c.TruePositive) + (square * c.FalseNegative) + c.FalsePositive);
    };

    /// <summary>2 tp / (2 tp + fp + fn), the Dice coefficient.</summary>
    public static double F1(PixelCounts c) => Ratio(2 * c.TruePositive, (2 * c.TruePositive) + c.FalsePositive + c.FalseNegative);

    /// <summary>tp / (tp + fp + fn), the Jaccard index.</summary>
    public static double IoU(PixelCounts c) => Ratio(c.TruePositive, c.TruePositive + c.FalsePositive + c.FalseNegative);

    /// <summary>(tp + tn) / all.</summary>
    public static double Accuracy(PixelCounts c) => Ratio(c.TruePositive + c.TrueNegative, c.All);

    /// <summary>tp / (tp + fp), the positive predictive value.</summary>
    public static double Precision(PixelCounts c) => Ratio(c.TruePositive, c.TruePositive + c.FalsePositive);

    /// <summary>tp / (tp + fn), or recall, or true positive rate.</summary>
    public static double Sensitivity(PixelCounts c) => Ratio(c.TruePositive, c.Positive);

    /// <summary>tn / (tn + fp), or true negative rate.</summary>
    public static double Specificity(PixelCounts c) => Ratio(c.TrueNegative, c.Negative);

    /// <summary>The mean of sensitivity and specificity.</summary>
    public static double BalancedAccuracy(PixelCounts c) => (Sensitivity(c) + Specificity(c)) / 2;

    private static double FalseNegativeRate(PixelCounts c) => Ratio(c.FalseNegative, c.Positive);

    private static double FalsePositiveRate(PixelCounts c) => Ratio(c.FalsePositive, c.Negative);

    private static double Ratio(long part, long whole) => (double)part / whole;
}
