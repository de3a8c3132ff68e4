using System.Globalization;

namespace Osteon.Reporting;

/// <summary>The ensemble taken apart: its rule, its interval, and what each part adds.</summary>
internal static class EnsembleSection
{
    public static Html Write(ReportModel model)
    {
        var html = new Html();
        foreach (var note in model.EnsembleNotes)
        {
            html.Add($"<p>{note}</p>\n");
        }

        foreach (var table in model.Parts.Where(t => t.Rows.Count > 0))
        {
            html.Add($"""
                <div class="scroll" role="region" aria-label="{table.Title}" tabindex="0">
                <table>
                <caption>{table.Caption}</caption>
                <thead><tr><th scope="col">{table.Title}</th><th scope="col" class="n">Weight</th><th scope="col" class="n">Dice alone</th><th scope="col" class="n">Ensemble without it</th><th scope="col" class="n">What it adds</th></tr></thead>
                <tbody>

                """);
            foreach (var row in table.Rows)
            {
                html.Add($"<tr><th scope=\"row\">{row.Name}</th><td class=\"n\">{row.Weight.ToString("0.##", CultureInfo.InvariantCulture)}</td><td class=\"n\">{Numbers.Score(row.Dice)}</td><td class=\"n\">{Numbers.Score(row.Without)}</td><td class=\"n\">{(double.IsNaN(row.Adds) ? "" : Numbers.Signed(row.Adds))}</td></tr>\n");
            }

            html.Add($"</tbody>\n</table>\n</div>\n");
        }

        return html;
    }
}
