using Osteon.Masks;

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
        foreach (var (name, colours) in model.Overlays.Any(o => o.HasUndecided) ? [.. OverlayRenderer.Legend, OverlayRenderer.UndecidedEntry] : OverlayRenderer.Legend)
        {
            html.Add($"<li>{ErrorsSection.Swatches(colours)}{name}</li>\n");
        }

        html.Add($"</ul>\n<p class=\"note\">The brighter an error, the farther it is from the border of the class's truth: {string.Join(", ", ErrorsSection.Bands)}.</p>\n<div class=\"cases\">\n");
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

            if (overlay.Errors.Count > 0)
            {
                html.Add($"<span class=\"worst\">{ErrorsSection.Sentence(ErrorCounts.Sum(overlay.Errors.Select(e => e.Counts)))}</span>");
            }

            html.Add($"</figcaption>\n");
            if (overlay.Errors.Count > 0)
            {
                html.Add($"<details>\n<summary>Errors by class</summary>\n{ErrorsSection.Table($"Errors of case {overlay.CaseId} by class", [.. overlay.Errors.OrderByDescending(e => e.Counts.Total)])}</details>\n");
            }

            html.Add($"</figure>\n");
        }

        return html.Add($"</div>\n");
    }
}
