using System.Globalization;
using Osteon.Metrics;

namespace Osteon.Reporting;

/// <summary>Who was taken for whom, and what each class's ratios are.</summary>
internal static class ConfusionSection
{
    // The strongest tint still leaves text on it readable, light and dark.
    private const double Strongest = 55;

    public static Html Write(ReportModel model, ClassificationResults results)
    {
        var html = new Html();
        if (results.Shown is null)
        {
            return html;
        }

        html.Add($"<p class=\"note\">A row is what cases are, a column what they were taken for, with its share of the row. Right ones are blue, wrong ones orange, the darker the more of the row.</p>\n<div class=\"pair\">\n");
        Matrix(html, "The ensemble on test cases", model.Classes, results.Ensemble?.Confusion);
        Matrix(html, "Out of fold, on validation cases", model.Classes, results.Pooled?.Confusion);
        html.Add($"</div>\n");
        Classes(html, model, results.Shown, results.Ensemble is null ? "Each class against all others, out of fold." : "Each class against all others, the ensemble on test cases.");
        return html;
    }

    private static void Matrix(Html html, string caption, IReadOnlyList<string> classes, ConfusionMatrix? counts)
    {
        if (counts is null)
        {
            return;
        }

        html.Add($"""
            <div class="scroll" role="region" aria-label="Confusion matrix" tabindex="0">
            <table class="confusion">
            <caption>{caption}: {counts.Right} of {counts.Total} right</caption>
            <thead><tr><th scope="col">Truth</th>
            """);
        foreach (var name in classes)
        {
            html.Add($"<th scope=\"col\" class=\"n\">taken for {name}</th>");
        }

        html.Add($"</tr></thead>\n<tbody>\n");
        for (var t = 0; t < counts.Classes; t++)
        {
            html.Add($"<tr><th scope=\"row\">{classes[t]}</th>");
            for (var p = 0; p < counts.Classes; p++)
            {
                var share = counts.Support(t) == 0 ? 0 : (double)counts[t, p] / counts.Support(t);
                html.Add($"<td class=\"n {(t == p ? "right" : "wrong")}\" style=\"--t:{share * Strongest}%\">{Whole(counts[t, p])} <small>{(100 * share).ToString("0", CultureInfo.InvariantCulture)} %</small></td>");
            }

            html.Add($"</tr>\n");
        }

        html.Add($"</tbody>\n</table>\n</div>\n");
    }

    private static void Classes(Html html, ReportModel model, ClassificationScores scores, string caption)
    {
        html.Add($"""
            <div class="scroll" role="region" aria-label="Scores of each class" tabindex="0">
            <table>
            <caption>{caption} “–” marks what there was nothing to measure of.</caption>
            <thead><tr><th scope="col">Class</th><th scope="col" class="n">Cases</th><th scope="col" class="n">Taken for it</th><th scope="col" class="n">ROC AUC</th><th scope="col" class="n">Average precision</th><th scope="col" class="n">Recall</th><th scope="col" class="n">Specificity</th><th scope="col" class="n">Precision</th><th scope="col" class="n">F1</th></tr></thead>
            <tbody>

            """);
        var counts = scores.Confusion;
        for (var k = 0; k < counts.Classes; k++)
        {
            html.Add($"<tr><th scope=\"row\">{model.Classes[k]}</th><td class=\"n\">{Whole(counts.Support(k))}</td><td class=\"n\">{Whole(counts.Predicted(k))}</td>");
            foreach (var value in new[] { scores.RocAucs[k], scores.AveragePrecisions[k], counts.Recall(k), counts.Specificity(k), counts.Precision(k), counts.F1(k) })
            {
                html.Add($"<td class=\"n\">{Numbers.Score(value)}</td>");
            }

            html.Add($"</tr>\n");
        }

        html.Add($"</tbody>\n</table>\n</div>\n");
    }

    private static string Whole(long count) => count.ToString(CultureInfo.InvariantCulture);
}
