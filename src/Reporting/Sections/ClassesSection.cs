namespace Osteon.Reporting;

/// <summary>Dice of each class, the ensemble beside its members, weak cells standing out.</summary>
internal static class ClassesSection
{
    public static Html Write(ReportModel model)
    {
        var html = Unpredicted(model.Unpredicted);
        MemberScore[] columns = [.. model.Members.Prepend(model.Ensemble).OfType<MemberScore>()];
        if (columns.Length == 0 || model.Classes.Count == 0)
        {
            return html;
        }

        var heat = HeatCell.Over(columns.SelectMany(c => c.ClassDice));
        html.Add($"""
            <p class="note">{heat.Legend()}The best of a row is bold. “–” marks a class without a value: {model.EmptyMaskRule}</p>
            <div class="scroll" role="region" aria-label="Dice of each class" tabindex="0">
            <table class="heat">
            <caption class="unseen">Dice of each class</caption>
            <thead><tr><th scope="col">Class</th>
            """);
        foreach (var column in columns)
        {
            Heading(html, column, ReferenceEquals(column, model.Ensemble));
        }

        html.Add($"</tr></thead>\n<tbody>\n");
        for (var k = 0; k < model.Classes.Count; k++)
        {
            Row(html, model, columns, heat, k);
        }

        html.Add($"</tbody>\n<tfoot><tr><th scope=\"row\">Mean</th>");
        foreach (var column in columns)
        {
            html.Add($"<td class=\"n\">{Numbers.Score(column.MeanDice)}</td>");
            if (ReferenceEquals(column, model.Ensemble))
            {
                Difference(html, EnsembleVerdict.Of(model)?.Difference ?? double.NaN);
            }
        }

        return html.Add($"</tr></tfoot>\n</table>\n</div>\n");
    }

    private static Html Unpredicted(IReadOnlyList<UnpredictedClass> classes)
    {
        var html = new Html();
        if (classes.Count == 0)
        {
            return html;
        }

        html.Add($"<p class=\"note\">In validation cases, some networks never say these classes:</p>\n<ul class=\"note\">\n");
        foreach (var own in classes.GroupBy(c => c.Class))
        {
            html.Add($"<li>{own.Key}: {string.Join("; ", own.Select(c => $"{c.Member} in none of the {c.Having} that have it, of {c.Cases}"))}</li>\n");
        }

        return html.Add($"</ul>\n");
    }

    private static void Heading(Html html, MemberScore column, bool isEnsemble)
    {
        if (isEnsemble || column.Fold is not { } fold)
        {
            html.Add($"<th scope=\"col\" class=\"n {(isEnsemble ? "ensemble" : "")}\">{column.Name}</th>");
            if (isEnsemble)
            {
                html.Add($"<th scope=\"col\" class=\"n\">to the best<br>member</th>");
            }
        }
        else
        {
            html.Add($"<th scope=\"col\" class=\"n\">{column.Model}<br><small>fold {fold}</small></th>");
        }
    }

    private static void Row(Html html, ReportModel model, MemberScore[] columns, HeatCell heat, int k)
    {
        var best = Greatest(columns.Select(c => c.ClassDice[k]));
        html.Add($"<tr><th scope=\"row\">{model.Classes[k]}</th>");
        foreach (var column in columns)
        {
            html.Add($"{heat.Write(column.ClassDice[k], Numbers.Score(column.ClassDice[k]) == Numbers.Score(best), ReferenceEquals(column, model.Ensemble))}");
            if (ReferenceEquals(column, model.Ensemble))
            {
                Difference(html, column.ClassDice[k] - Greatest(model.Members.Select(m => m.ClassDice[k])));
            }
        }

        html.Add($"</tr>\n");
    }

    private static void Difference(Html html, double difference) =>
        html.Add($"<td class=\"n plain {(difference <= -0.00005 ? "below" : "")}\">{Numbers.Signed(difference)}</td>");

    private static double Greatest(IEnumerable<double> values) =>
        values.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();
}
