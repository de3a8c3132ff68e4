namespace Osteon.Reporting;

/// <summary>Scores of the ensemble and its members on test cases, the ensemble's intervals, and the members out of fold.</summary>
internal static class ClassifiersSection
{
    public static Html Write(ReportModel model, ClassificationResults results)
    {
        var html = new Html();
        foreach (var note in model.EnsembleNotes)
        {
            html.Add($"<p>{note}</p>\n");
        }

        var tested = results.Members.ToList();
        if (results.Ensemble is { } ensemble)
        {
            tested.Insert(0, new ClassifierScores("ensemble", ensemble));
        }

        Table(html, $"On the test cases. {ScoreNames.Rule(model.Classes)}{(tested.Exists(t => t.Adds is not null) ? " What a part adds is by how much the ensemble’s ROC AUC falls without it." : "")}", "Member", tested, first: results.Ensemble is not null);
        Intervals(html, results);
        List<ClassifierScores> validated = [.. results.OutOfFold];
        if (results.Pooled is { } pooled && validated.Count > 1)
        {
            validated.Insert(0, new ClassifierScores("all", pooled));
        }

        Table(html, "Out of fold: each on the validation cases of its fold, which it has not learned from; “all” takes them together, and the members of one fold by their mean.", "Member", validated, first: validated.Count > 1);
        return html;
    }

    private static void Table(Html html, string caption, string what, List<ClassifierScores> rows, bool first)
    {
        if (rows.Count == 0)
        {
            return;
        }

        html.Add($"""
            <div class="scroll" role="region" aria-label="{what}" tabindex="0">
            <table class="scores">
            <caption>{caption}</caption>
            <thead><tr><th scope="col">{what}</th><th scope="col" class="n">Cases</th>
            """);
        foreach (var name in ScoreNames.Shown)
        {
            html.Add($"<th scope=\"col\" class=\"n\">{ScoreNames.Of(name)}</th>");
        }

        var taken = rows.Exists(r => r.Adds is not null);
        html.Add($"{(taken ? new Html().Add($"<th scope=\"col\" class=\"n\">What it adds</th>") : new Html())}</tr></thead>\n<tbody>\n");
        for (var i = 0; i < rows.Count; i++)
        {
            html.Add($"<tr class=\"{(i == 0 && first ? "ensemble" : "")}\"><th scope=\"row\">{rows[i].Name}</th><td class=\"n\">{rows[i].Scores.Count}</td>");
            foreach (var name in ScoreNames.Shown)
            {
                html.Add($"<td class=\"n\">{Numbers.Score(rows[i].Scores[name])}</td>");
            }

            html.Add($"{(taken ? new Html().Add($"<td class=\"n\">{(rows[i].Adds is { } adds && double.IsFinite(adds) ? Numbers.Signed(adds) : "")}</td>") : new Html())}</tr>\n");
        }

        html.Add($"</tbody>\n</table>\n</div>\n");
    }

    private static void Intervals(Html html, ClassificationResults results)
    {
        if (results.Intervals.Count == 0)
        {
            return;
        }

        html.Add($"""
            <div class="scroll" role="region" aria-label="Intervals" tabindex="0">
            <table>
            <caption>{results.IntervalsNote}</caption>
            <thead><tr><th scope="col">The ensemble’s</th><th scope="col" class="n">As measured</th><th scope="col" class="n">From</th><th scope="col" class="n">To</th></tr></thead>
            <tbody>

            """);
        foreach (var interval in results.Intervals)
        {
            html.Add($"<tr><th scope=\"row\">{ScoreNames.Of(interval.Name)}</th><td class=\"n\">{Numbers.Score(interval.Value)}</td><td class=\"n\">{Numbers.Score(interval.Low)}</td><td class=\"n\">{Numbers.Score(interval.High)}</td></tr>\n");
        }

        html.Add($"</tbody>\n</table>\n</div>\n");
    }
}
