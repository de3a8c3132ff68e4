namespace Osteon.Reporting;

/// <summary>All metrics of the ensemble, a class a row.</summary>
internal static class MetricsSection
{
    public static Html Write(ReportModel model)
    {
        var html = new Html();
        if (model.Metrics.Count == 0 || model.Classes.Count == 0)
        {
            return html;
        }

        html.Add($"""
            <p class="note">{model.MetricsNote} “–” marks a class without a value.</p>
            <div class="scroll" role="region" aria-label="Metrics of each class" tabindex="0">
            <table class="heat">
            <caption class="unseen">Metrics of each class</caption>
            <thead><tr><th scope="col">Class</th>
            """);
        foreach (var metric in model.Metrics)
        {
            html.Add($"<th scope=\"col\" class=\"n\">{metric.Name}</th>");
        }

        html.Add($"</tr></thead>\n<tbody>\n");
        for (var k = 0; k < model.Classes.Count; k++)
        {
            Row(html, model.Classes[k], model.Metrics.Select(m => m.ByClass[k]));
        }

        html.Add($"</tbody>\n<tfoot>");
        Row(html, "Mean", model.Metrics.Select(m => m.Mean));
        return html.Add($"</tfoot>\n</table>\n</div>\n");
    }

    private static void Row(Html html, string name, IEnumerable<double> values)
    {
        html.Add($"<tr><th scope=\"row\">{name}</th>");
        foreach (var value in values)
        {
            html.Add($"<td class=\"n plain\">{Numbers.Score(value)}</td>");
        }

        html.Add($"</tr>\n");
    }
}
