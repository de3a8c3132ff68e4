using Osteon.Metrics;

namespace Osteon.Reporting;

/// <summary>ROC and precision-recall curves of the class that is looked for, or of every class where there are more than two.</summary>
internal static class RatesSection
{
    public static Html Write(ReportModel model, ClassificationResults results)
    {
        var html = new Html();
        var shown = ClassificationResults.Positive(model.Classes.Count) is { } positive ? [positive] : Enumerable.Range(0, model.Classes.Count).ToArray();
        foreach (var k in shown)
        {
            var sources = new (string Name, string Style, ClassificationScores? Scores)[] { ("ensemble, test cases", "s1", results.Ensemble), ("out of fold", "s2", results.Pooled) }
                .Where(s => s.Scores is not null && !double.IsNaN(s.Scores.RocAucs[k])).ToArray();
            if (sources.Length == 0)
            {
                continue;
            }

            var areas = string.Join("; ", sources.Select(s => $"{s.Name}: ROC AUC {Numbers.Score(s.Scores!.RocAucs[k])}, average precision {Numbers.Score(s.Scores.AveragePrecisions[k])}"));
            var prevalence = sources[0].Scores!.PrecisionRecall(k).Prevalence;
            html.Add($"<figure>\n<figcaption>{model.Classes[k]} <small>{areas}</small></figcaption>\n<div class=\"pair\">\n");
            html.Add($"{new RateChart($"ROC curve of {model.Classes[k]}; {areas}", "False positive rate", "True positive rate", [.. sources.Select(s => Roc(s.Name, s.Style, s.Scores!.Roc(k)))], (0, 0, 1, 1)).Write()}\n");
            html.Add($"{new RateChart($"Precision-recall curve of {model.Classes[k]}; {areas}", "Recall", "Precision", [.. sources.Select(s => PrecisionRecall(s.Name, s.Style, s.Scores!.PrecisionRecall(k)))], (0, prevalence, 1, prevalence)).Write()}\n");
            html.Add($"</div>\n</figure>\n");
        }

        var text = html.ToString();
        return text.Length == 0 ? html : new Html().Add($"<p class=\"note\">Every threshold is a point; the dotted line is what guessing reaches.</p>\n<div class=\"curves\">\n{html}</div>\n");
    }

    private static RateLine Roc(string name, string style, RocCurve curve) =>
        new(name, style, [.. curve.Points.Select(p => (p.FalsePositiveRate, p.TruePositiveRate, p.Threshold))]);

    // Steps, as average precision takes them: a recall between two points costs the precision of the latter.
    private static RateLine PrecisionRecall(string name, string style, PrecisionRecallCurve curve)
    {
        var points = new List<(double, double, double)>();
        foreach (var point in curve.Points)
        {
            if (points.Count > 0)
            {
                points.Add((points[^1].Item1, point.Precision, double.NaN));
            }

            points.Add((point.Recall, point.Precision, point.Threshold));
        }

        return new RateLine(name, style, points);
    }
}
