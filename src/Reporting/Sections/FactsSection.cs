namespace Osteon.Reporting;

/// <summary>What is needed to come to the same numbers again.</summary>
internal static class FactsSection
{
    public static Html Write(ReportModel model)
    {
        var html = new Html();
        if (model.Facts.Count == 0)
        {
            return html;
        }

        html.Add($"<div class=\"facts\">\n");
        foreach (var group in model.Facts)
        {
            html.Add($"<div><h3>{group.Title}</h3>\n{List(group.Facts)}</div>\n");
        }

        return html.Add($"</div>\n");
    }

    public static Html List(IReadOnlyList<Fact> facts)
    {
        var html = new Html().Add($"<dl>\n");
        foreach (var fact in facts)
        {
            html.Add($"<dt>{fact.Name}</dt><dd>{fact.Value}</dd>\n");
        }

        return html.Add($"</dl>\n");
    }
}
