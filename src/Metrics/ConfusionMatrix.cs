namespace Osteon.Metrics;

/// <summary>Cases by their true and their predicted class, and the ratios that follow from these counts.</summary>
/// <remarks>
/// Definitions and rules are scikit-learn's: a precision without a predicted case and a recall without a true one are 0 (its <c>zero_division</c>), and a class that
/// occurs in neither truth nor prediction says nothing, so it is NaN and no part of a mean. Specificity, which scikit-learn lacks, is the recall of all
/// that is not the class; NaN where everything is.
/// </remarks>
public sealed class ConfusionMatrix
{
    private readonly long[,] _counts;

    /// <summary>No cases yet.</summary>
    /// <param name="classes">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no class.</exception>
    public ConfusionMatrix(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        _counts = new long[classes, classes];
    }

    /// <summary>Counts cases.</summary>
    /// <param name="truth">A class a case, 0-based.</param>
    /// <param name="predicted">The same cases.</param>
    /// <param name="classes">How many there are.</param>
    /// <exception cref="ArgumentException">Not as many predictions as truths.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A class is none of them.</exception>
    public static ConfusionMatrix Of(IReadOnlyList<int> truth, IReadOnlyList<int> predicted, int classes)
    {
        if (truth.Count != predicted.Count)
        {
            throw new ArgumentException($"{truth.Count} true and {predicted.Count} predicted classes; they must be of the same cases.", nameof(predicted));
        }

        var matrix = new ConfusionMatrix(classes);
        for (var i = 0; i < truth.Count; i++)
        {
            matrix.Add(truth[i], predicted[i]);
        }

        return matrix;
    }

    /// <summary>How many there are.</summary>
    public int Classes => _counts.GetLength(0);

    /// <summary>Cases of a true class that were taken for another, or for itself.</summary>
    public long this[int truth, int predicted] => _counts[truth, predicted];

    /// <summary>All cases.</summary>
    public long Total { get; private set; }

    /// <summary>Cases that are what they were taken for.</summary>
    public long Right => All.Sum(k => this[k, k]);

    /// <summary>Cases of a class in the truth.</summary>
    public long Support(int k) => All.Sum(other => this[k, other]);

    /// <summary>Cases taken for a class.</summary>
    public long Predicted(int k) => All.Sum(other => this[other, k]);

    private IEnumerable<int> All => Enumerable.Range(0, Classes);

    /// <summary>Counts one case.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A class is none of them.</exception>
    public void Add(int truth, int predicted)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)truth, (uint)Classes, nameof(truth));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predicted, (uint)Classes, nameof(predicted));
        _counts[truth, predicted]++;
        Total++;
    }

    /// <summary>Right ones of all, in [0, 1]; NaN without a case.</summary>
    public double Accuracy => Ratio(Right, Total, double.NaN);

    /// <summary>Mean recall of the classes that the truth has; NaN without a case. 0.5 is what two classes have by guessing, however rare one is.</summary>
    public double BalancedAccuracy => Mean(All.Where(k => Support(k) > 0).Select(Recall));

    /// <summary>Right ones of those taken for a class.</summary>
    public double Precision(int k) => Occurs(k) ? Ratio(this[k, k], Predicted(k), 0) : double.NaN;

    /// <summary>Found ones of those that are of a class; sensitivity.</summary>
    public double Recall(int k) => Occurs(k) ? Ratio(this[k, k], Support(k), 0) : double.NaN;

    /// <summary>Harmonic mean of precision and recall.</summary>
    public double F1(int k) => Ratio(2 * this[k, k], Support(k) + Predicted(k), double.NaN);

    /// <summary>Of those that are not of a class, those not taken for it.</summary>
    public double Specificity(int k) => Ratio(Total - Support(k) - Predicted(k) + this[k, k], Total - Support(k), double.NaN);

    /// <summary>Of all classes together.</summary>
    public double Precision(Averaging averaging) => Averaged(averaging, Precision, () => Accuracy);

    /// <summary>Of all classes together.</summary>
    public double Recall(Averaging averaging) => Averaged(averaging, Recall, () => Accuracy);

    /// <summary>Of all classes together.</summary>
    public double F1(Averaging averaging) => Averaged(averaging, F1, () => Accuracy);

    /// <summary>Of all classes together.</summary>
    public double Specificity(Averaging averaging) => Averaged(averaging, Specificity,
        () => Ratio(All.Sum(k => Total - Support(k) - Predicted(k) + this[k, k]), (Classes - 1) * Total, double.NaN));

    private bool Occurs(int k) => Support(k) + Predicted(k) > 0;

    private double Averaged(Averaging averaging, Func<int, double> ofClass, Func<double> ofCounts) => averaging switch
    {
        Averaging.Micro => ofCounts(),
        Averaging.Macro => Mean(All.Where(Occurs).Select(ofClass)),
        _ => Weighted(ofClass),
    };

    private double Weighted(Func<int, double> ofClass)
    {
        var (sum, weight) = (0.0, 0L);
        foreach (var k in All.Where(k => Support(k) > 0 && !double.IsNaN(ofClass(k))))
        {
            (sum, weight) = (sum + (ofClass(k) * Support(k)), weight + Support(k));
        }

        return weight == 0 ? double.NaN : sum / weight;
    }

    private static double Mean(IEnumerable<double> values) => values.Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).Average();

    private static double Ratio(long part, long whole, double none) => whole == 0 ? none : (double)part / whole;
}
