namespace Osteon.Masks;

/// <summary>Pixel counts of N images × C classes, and metrics over them with SMP's reductions.</summary>
/// <remarks>segmentation_models.pytorch 0.5, <c>metrics.get_stats</c> and the functions that take its result.</remarks>
public sealed class PixelTable
{
    private readonly PixelCounts[] _counts;

    /// <summary>Takes over counts.</summary>
    /// <param name="classes">Columns, at least 1.</param>
    /// <param name="counts">Row-major: image 0's classes first.</param>
    /// <exception cref="ArgumentException">The counts do not fill whole rows.</exception>
    public PixelTable(int classes, PixelCounts[] counts)
    {
        if (classes < 1 || counts.Length % classes != 0)
        {
            throw new ArgumentException($"{counts.Length} counts do not fill rows of {classes} classes.", nameof(counts));
        }

        Classes = classes;
        _counts = counts;
    }

    /// <summary>Rows.</summary>
    public int Images => _counts.Length / Classes;

    /// <summary>Columns.</summary>
    public int Classes { get; }

    /// <summary>One image's counts of one class.</summary>
    public PixelCounts this[int image, int @class] => _counts[(image * Classes) + @class];

    /// <summary>Images stacked, each a row of <see cref="PixelTally"/>.</summary>
    /// <exception cref="ArgumentException">There is no row, or rows differ in length.</exception>
    public static PixelTable Of(IReadOnlyList<PixelCounts[]> rows) => rows.Count > 0 && rows.All(r => r.Length == rows[0].Length)
        ? new PixelTable(rows[0].Length, [.. rows.SelectMany(r => r)])
        : throw new ArgumentException("Every image needs one count for each class.", nameof(rows));

    /// <summary>A metric as one number.</summary>
    /// <param name="metric">Of <see cref="PixelMetric"/>.</param>
    /// <param name="reduction">Any but <see cref="ScoreReduction.None"/>.</param>
    /// <param name="classWeights">One for each class; taken as shares of their sum. Needed for weighted reductions.</param>
    /// <param name="zeroDivision">What 0 / 0 counts.</param>
    /// <exception cref="ArgumentException">Weights are missing or not one for each class, or nothing is to be reduced.</exception>
    public double Score(Func<PixelCounts, double> metric, ScoreReduction reduction, IReadOnlyList<double>? classWeights = null, double zeroDivision = 1)
    {
        var weights = Shares(reduction, classWeights);
        double Value(PixelCounts counts) => metric(counts) is var value && double.IsNaN(value) ? zeroDivision : value;
        return reduction switch
        {
            ScoreReduction.Micro => metric(Sum(_counts)),
            ScoreReduction.Macro => Columns(c => Value(Sum(Column(c))) * weights(c)).Average(),
            ScoreReduction.Weighted => Columns(c => Value(Sum(Column(c))) * weights(c)).Sum(),
            ScoreReduction.MicroImagewise => Enumerable.Range(0, Images).Average(i => Value(Sum(_counts.Skip(i * Classes).Take(Classes)))),
            ScoreReduction.MacroImagewise or ScoreReduction.WeightedImagewise => Columns(c => Column(c).Average(Value) * weights(c)).Average(),
            _ => throw new ArgumentException("Scores without a reduction are many; ask for them by Scores.", nameof(reduction)),
        };
    }

    /// <summary>A metric of each image and class, row-major.</summary>
    public double[] Scores(Func<PixelCounts, double> metric, double zeroDivision = 1) =>
        [.. _counts.Select(metric).Select(value => double.IsNaN(value) ? zeroDivision : value)];

    private Func<int, double> Shares(ScoreReduction reduction, IReadOnlyList<double>? weights)
    {
        if (weights is null)
        {
            return reduction is ScoreReduction.Weighted or ScoreReduction.WeightedImagewise
                ? throw new ArgumentException($"The reduction {reduction} needs class weights.", nameof(weights))
                : _ => 1;
        }

        var sum = weights.Sum();
        return weights.Count == Classes
            ? c => weights[c] / sum
            : throw new ArgumentException($"{weights.Count} class weights do not fit {Classes} classes.", nameof(weights));
    }

    private IEnumerable<double> Columns(Func<int, double> value) => Enumerable.Range(0, Classes).Select(value);

    private IEnumerable<PixelCounts> Column(int @class) => Enumerable.Range(0, Images).Select(i => this[i, @class]);

    private static PixelCounts Sum(IEnumerable<PixelCounts> counts) => counts.Aggregate(default(PixelCounts), PixelCounts.Add);
}
