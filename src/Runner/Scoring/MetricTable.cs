using System.Text.Json;
using System.Text.Json.Serialization;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>One metric of every class, over the test cases.</summary>
/// <param name="Mean">Over the classes that have a number; NaN when none has.</param>
/// <param name="ByClass">In channel order; the mean over the cases that have a number.</param>
/// <param name="ByCase">Of each case, every class in channel order.</param>
public sealed record MetricScores(double Mean, IReadOnlyList<double> ByClass, IReadOnlyDictionary<string, IReadOnlyList<double>> ByCase);

/// <summary>What the plan asks to be measured of the ensemble's prediction: scores.json beside the report.</summary>
/// <remarks>
/// Dice and IoU of a class that truth and prediction of a case both lack are 1, as everywhere; other metrics leave such a case out, and
/// ratios one with no pixel to divide by. A class that only one of both has is a frame's diagonal away.
/// </remarks>
/// <param name="Classes">Channel order.</param>
/// <param name="Metrics">By name.</param>
public sealed record MetricTable(IReadOnlyList<string> Classes, IReadOnlyDictionary<string, MetricScores> Metrics)
{
    /// <summary>In a run folder.</summary>
    public const string FileName = "scores.json";

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Measures.</summary>
    /// <param name="classes">Channel order.</param>
    /// <param name="cases">Id, prediction and truth of each case, a mask a class.</param>
    /// <param name="plan">Metrics, spacing and tolerance.</param>
    /// <param name="mode">In multiclass mode pixels without a class in the truth are left out.</param>
    public static MetricTable Of(IReadOnlyList<string> classes, IEnumerable<(string Case, IReadOnlyList<Mask> Prediction, IReadOnlyList<Mask> Truth)> cases, ReportPlan plan, LabelMode mode)
    {
        var measured = cases.Select(c => (c.Case, Values: Measure(c.Prediction, c.Truth, mode.Judged(c.Truth)))).ToArray();
        return new MetricTable(classes, plan.Metrics.Select((name, m) => KeyValuePair.Create(name, Scores(classes.Count, m))).ToDictionary());

        double[][] Measure(IReadOnlyList<Mask> prediction, IReadOnlyList<Mask> truth, JudgedPixels judged) =>
            [.. prediction.Zip(truth, (p, t) => CaseMetrics.Of(p, t, plan.Metrics, plan.Spacing, plan.Tolerance, judged))];

        MetricScores Scores(int count, int m)
        {
            double[] byClass = [.. Enumerable.Range(0, count).Select(k => MaskMetrics.Mean([.. measured.Select(c => c.Values[k][m])]))];
            return new MetricScores(MaskMetrics.Mean(byClass), byClass,
                measured.ToDictionary(c => c.Case, c => (IReadOnlyList<double>)[.. c.Values.Select(v => v[m])], StringComparer.Ordinal));
        }
    }

    /// <summary>Writes scores.json.</summary>
    public void Save(string folder) => AtomicFile.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Layout) + "\n");

    /// <summary>test/METRIC and test/METRIC/CLASS; what was not measured is left out.</summary>
    public void Tell(IRunLog log)
    {
        foreach (var (name, scores) in Metrics.Where(m => !double.IsNaN(m.Value.Mean)))
        {
            log.Metric($"test/{name}", scores.Mean);
            for (var k = 0; k < Classes.Count; k++)
            {
                if (!double.IsNaN(scores.ByClass[k]))
                {
                    log.Metric($"test/{name}/{Classes[k]}", scores.ByClass[k]);
                }
            }
        }
    }
}
