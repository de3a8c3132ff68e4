namespace Osteon.Reporting;

/// <summary>Pictures of the worst cases, in the file itself.</summary>
internal static class OverlaysSection
{
    public static Html Write(ReportModel model)
    {
        var html = new Html();
        if (model.Overlays.Count == 0)
        {
            return html;
        }

        html.Add($"<ul class=\"legend\">\n");
        foreach (var (name, colour) in OverlayRenderer.Legend)
        {
            html.Add($"<li><svg class=\"swatch\" viewBox=\"0 0 12 12\" aria-hidden=\"true\"><rect width=\"12\" height=\"12\" fill=\"{colour}\"/></svg>{name}</li>\n");
        }

        html.Add($"</ul>\n<div class=\"cases\">\n");
        foreach (var overlay in model.Overlays)
        {
            html.Add($"""
                <figure>
                <img src="data:image/png;base64,{overlay.Png}" alt="Truth and prediction of case {overlay.CaseId}, Dice {Numbers.Score(overlay.Dice)}">
                <figcaption>{overlay.CaseId} <small>Dice {Numbers.Score(overlay.Dice)}</small>
                """);
            if (overlay.WorstClasses.Count > 0)
            {
                html.Add($"<span class=\"worst\">Weakest: {string.Join(", ", overlay.WorstClasses.Select(c => $"{c.Class} {Numbers.Score(c.Dice)}"))}</span>");
            }

            if (overlay.Errors is { } errors)
            {
                html.Add($"<span class=\"worst\">{ErrorsSection.Sentence(errors)}</span>");
            }

            html.Add($"</figcaption>\n</figure>\n");
        }

        return html.Add($"</div>\n");
    }
}
