namespace Osteon.Reporting;

/// <summary>The answer first: how good, and was the ensemble worth it.</summary>
internal static class HeadlineSection
{
    public static Html Write(ReportModel model)
    {
        var html = new Html().Add($"<header>\n<p class=\"eyebrow\">Experiment {model.Experiment}</p>\n<h1>{model.Title}</h1>\n");
        var verdict = EnsembleVerdict.Of(model);
        if (verdict is null)
        {
            return html.Add($"<p class=\"warning\" role=\"note\">No member has been scored.</p>\n</header>\n");
        }

        var shown = model.Ensemble ?? verdict.Best;
        html.Add($"<dl class=\"tiles\">\n");
        Tile(html, model.Ensemble is null ? "Best member, mean Dice" : "Ensemble, mean Dice", Numbers.Score(shown.MeanDice), "main");
        Tile(html, "Mean IoU", Numbers.Score(shown.MeanIoU), "");
        if (shown.PixelAccuracy is { } accuracy)
        {
            Tile(html, "Pixel accuracy", Numbers.Score(accuracy), "");
        }

        if (model.Ensemble is not null)
        {
            Tile(html, $"Best member, {verdict.Best.Name}", Numbers.Score(verdict.Best.MeanDice), "");
            Tile(html, "Ensemble − best member", Numbers.Signed(verdict.Difference), verdict.IsBelow ? "below" : "");
        }

        html.Add($"</dl>\n");
        if (verdict.IsBelow)
        {
            html.Add($"<p class=\"warning\" role=\"note\"><strong>Warning.</strong> {verdict.Sentence}</p>\n");
        }
        else
        {
            html.Add($"<p class=\"lead\">{verdict.Sentence}</p>\n");
        }

        if (model.ScoredOn.Length > 0)
        {
            html.Add($"<p class=\"note\">Scored on {model.ScoredOn}.</p>\n");
        }

        return html.Add($"</header>\n");
    }

    private static void Tile(Html html, string name, string value, string kind) =>
        html.Add($"<div class=\"tile {kind}\"><dt>{name}</dt><dd>{value}</dd></div>\n");
}
