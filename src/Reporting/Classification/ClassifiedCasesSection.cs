using System.Globalization;

namespace Osteon.Reporting;

/// <summary>Pictures of the cases that were told worst, in the file itself.</summary>
internal static class ClassifiedCasesSection
{
    // A case of many classes names those that it was nearly taken for.
    private const int MostBars = 5;

    public static Html Write(ReportModel model, ClassificationResults results)
    {
        var html = new Html();
        if (results.Worst.Count == 0)
        {
            return html;
        }

        html.Add($"<p class=\"note\">The cases that gave their true class the least probability, first. {results.WorstNote}</p>\n<div class=\"cases\">\n");
        foreach (var one in results.Worst)
        {
            var right = one.Predicted == one.Truth;
            html.Add($"""
                <figure>
                <img src="data:image/png;base64,{one.Png}" alt="Case {one.CaseId}, {model.Classes[one.Truth]}, taken for {model.Classes[one.Predicted]}">
                <figcaption>{one.CaseId} <span class="badge {(right ? "info" : "amber")}">{(right ? "right" : "wrong")}</span>
                <span class="worst">{model.Classes[one.Truth]}, taken for {model.Classes[one.Predicted]}</span>

                """);
            foreach (var k in Enumerable.Range(0, model.Classes.Count).OrderBy(k => k != one.Truth).ThenByDescending(k => one.Probabilities[k]).Take(MostBars))
            {
                html.Add($"<span class=\"bar\" style=\"--t:{100 * one.Probabilities[k]}%\">{model.Classes[k]} {(100 * one.Probabilities[k]).ToString("0.0", CultureInfo.InvariantCulture)} %</span>");
            }

            html.Add($"</figcaption>\n</figure>\n");
        }

        return html.Add($"</div>\n");
    }
}
