namespace Osteon.Reporting;

/// <summary>Cases by part of the data, a table each.</summary>
internal static class CountsSection
{
    public static Html Write(ReportModel model)
    {
        var html = new Html();
        foreach (var table in model.Counts.Where(t => t.Rows.Count > 0))
        {
            html.Add($"""
                <div class="scroll" role="region" aria-label="{table.Caption}" tabindex="0">
                <table>
                <caption>{table.Caption}</caption>
                <thead><tr><th scope="col">Part</th>
                """);
            foreach (var column in table.Columns)
            {
                html.Add($"<th scope=\"col\" class=\"n\">{column}</th>");
            }

            html.Add($"</tr></thead>\n<tbody>\n");
            foreach (var row in table.Rows)
            {
                html.Add($"<tr><th scope=\"row\">{row.Name}</th>");
                foreach (var cell in row.Cells)
                {
                    html.Add($"<td class=\"n\">{cell}</td>");
                }

                html.Add($"</tr>\n");
            }

            html.Add($"</tbody>\n</table>\n</div>\n");
        }

        return html;
    }
}
