namespace Osteon.Metrics;

/// <summary>How good predicted classes are: counts, ratios, and what the probabilities' order is worth.</summary>
/// <remarks>
/// With two classes, precision, recall, F1, specificity, ROC AUC and average precision are those of class 1, the one that is looked for (scikit-learn's
/// <c>average="binary"</c>); with more, the plain mean over classes, each against all others. A mean leaves out what is NaN, for there was nothing to measure.
/// </remarks>
public sealed class ClassificationScores
{
    private static readonly (string Name, Func<ConfusionMatrix, int, double> OfClass, Func<ConfusionMatrix, Averaging, double> OfAll)[] Ratios =
    [
        ("precision", (counts, k) => counts.Precision(k), (counts, averaging) => counts.Precision(averaging)),
        ("recall", (counts, k) => counts.Recall(k), (counts, averaging) => counts.Recall(averaging)),
        ("f1", (counts, k) => counts.F1(k), (counts, averaging) => counts.F1(averaging)),
        ("specificity", (counts, k) => counts.Specificity(k), (counts, averaging) => counts.Specificity(averaging)),
    ];

    private static readonly Dictionary<string, Func<ClassificationScores, double>> ByName = Named();

    private readonly IReadOnlyList<int> _truth;
    private readonly IReadOnlyList<IReadOnlyList<double>> _probabilities;
    private readonly Lazy<double[]> _rocAucs;
    private readonly Lazy<double[]> _averagePrecisions;

    private ClassificationScores(IReadOnlyList<int> truth, IReadOnlyList<IReadOnlyList<double>> probabilities, ConfusionMatrix confusion)
    {
        (_truth, _probabilities, Confusion) = (truth, probabilities, confusion);
        _rocAucs = new(() => [.. Enumerable.Range(0, Classes).Select(k => Roc(k).Area)]);
        _averagePrecisions = new(() => [.. Enumerable.Range(0, Classes).Select(k => PrecisionRecall(k).AveragePrecision)]);
    }

    /// <summary>All names that the indexer knows, in the order to show.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys];

    /// <summary>Truth against prediction.</summary>
    public ConfusionMatrix Confusion { get; }

    /// <summary>Scored cases.</summary>
    public int Count => _truth.Count;

    private int Classes => Confusion.Classes;

    /// <summary>Area under the ROC curve of each class against all others; NaN where every case or none is of it.</summary>
    public IReadOnlyList<double> RocAucs => _rocAucs.Value;

    /// <summary>Average precision of each class against all others; NaN where no case is of it.</summary>
    public IReadOnlyList<double> AveragePrecisions => _averagePrecisions.Value;

    /// <summary>A score by its name; in [0, 1], or NaN where there was nothing to measure.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="KeyNotFoundException">There is no such score.</exception>
    public double this[string name] => ByName[name](this);

    /// <summary>Scores of cases that are taken for their most probable class, the first of equals.</summary>
    /// <param name="truth">A class a case, 0-based.</param>
    /// <param name="probabilities">One a class for each case; kept, not copied. Any scale will do that puts cases in the same order.</param>
    /// <param name="classes">How many there are.</param>
    /// <exception cref="ArgumentException">Counts disagree, or a probability is not a number.</exception>
    public static ClassificationScores Of(IReadOnlyList<int> truth, IReadOnlyList<IReadOnlyList<double>> probabilities, int classes) =>
        Of(truth, probabilities, [.. probabilities.Select(MostProbable)], classes);

    /// <summary>Scores of cases whose class was decided otherwise, as by a threshold.</summary>
    /// <param name="truth">A class a case, 0-based.</param>
    /// <param name="probabilities">One a class for each case; kept, not copied.</param>
    /// <param name="predicted">What each case was taken for.</param>
    /// <param name="classes">How many there are.</param>
    /// <exception cref="ArgumentException">Counts disagree, or a probability is not a number.</exception>
    public static ClassificationScores Of(IReadOnlyList<int> truth, IReadOnlyList<IReadOnlyList<double>> probabilities, IReadOnlyList<int> predicted, int classes)
    {
        if (truth.Count != probabilities.Count)
        {
            throw new ArgumentException($"{truth.Count} true classes and probabilities of {probabilities.Count} cases; they must be of the same cases.", nameof(probabilities));
        }

        for (var i = 0; i < probabilities.Count; i++)
        {
            if (probabilities[i].Count != classes || probabilities[i].Any(double.IsNaN))
            {
                throw new ArgumentException($"Case {i} must have {classes} probabilities, and has [{string.Join(", ", probabilities[i])}].", nameof(probabilities));
            }
        }

        return new ClassificationScores(truth, probabilities, ConfusionMatrix.Of(truth, predicted, classes));
    }

    /// <summary>The most probable class, the first of equals.</summary>
    public static int MostProbable(IReadOnlyList<double> probabilities)
    {
        var best = 0;
        for (var k = 1; k < probabilities.Count; k++)
        {
            best = probabilities[k] > probabilities[best] ? k : best;
        }

        return best;
    }

    /// <summary>The ROC curve of a class against all others.</summary>
    public RocCurve Roc(int k) => RocCurve.Of(Positive(k), Scores(k));

    /// <summary>The precision-recall curve of a class against all others.</summary>
    public PrecisionRecallCurve PrecisionRecall(int k) => PrecisionRecallCurve.Of(Positive(k), Scores(k));

    private bool[] Positive(int k) => [.. _truth.Select(t => t == k)];

    private double[] Scores(int k) => [.. _probabilities.Select(p => p[k])];

    private double Ranked(IReadOnlyList<double> byClass) => Classes == 2 ? byClass[1] : byClass.Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).Average();

    private static Dictionary<string, Func<ClassificationScores, double>> Named()
    {
        var named = new Dictionary<string, Func<ClassificationScores, double>>(StringComparer.Ordinal)
        {
            ["accuracy"] = scores => scores.Confusion.Accuracy,
            ["balanced_accuracy"] = scores => scores.Confusion.BalancedAccuracy,
        };
        foreach (var (name, ofClass, ofAll) in Ratios)
        {
            named[name] = scores => scores.Classes == 2 ? ofClass(scores.Confusion, 1) : ofAll(scores.Confusion, Averaging.Macro);
        }

        named["roc_auc"] = scores => scores.Ranked(scores.RocAucs);
        named["average_precision"] = scores => scores.Ranked(scores.AveragePrecisions);
        foreach (var (name, _, ofAll) in Ratios)
        {
            named[$"{name}_macro"] = scores => ofAll(scores.Confusion, Averaging.Macro);
            named[$"{name}_micro"] = scores => ofAll(scores.Confusion, Averaging.Micro);
            named[$"{name}_weighted"] = scores => ofAll(scores.Confusion, Averaging.Weighted);
        }

        return named;
    }
}
