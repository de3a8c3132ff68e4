using System.Globalization;

namespace Osteon.Reporting;

/// <summary>The answer first: how well classes are told, and how sure that is.</summary>
internal static class ClassificationHeadline
{
    private static readonly string[] s_tiles = ["roc_auc", "balanced_accuracy", "accuracy", "recall", "specificity", "f1"];

    public static Html Write(ReportModel model, ClassificationResults results)
    {
        var html = new Html().Add($"<header>\n<p class=\"eyebrow\">Experiment {model.Experiment}</p>\n<h1>{model.Title}</h1>\n");
        if (results.Shown is not { } shown)
        {
            return html.Add($"<p class=\"warning\" role=\"note\">No case with a label has been predicted.</p>\n</header>\n");
        }

        html.Add($"<dl class=\"tiles many\">\n");
        foreach (var name in s_tiles)
        {
            html.Add($"<div class=\"tile {(name == s_tiles[0] ? "main" : "")}\"><dt>{(name == s_tiles[0] ? $"{(results.Ensemble is null ? "Out of fold" : "Ensemble")}, {ScoreNames.Of(name)}" : ScoreNames.Of(name))}</dt><dd>{Numbers.Score(shown[name])}</dd></div>\n");
        }

        html.Add($"</dl>\n<p class=\"lead\">{Sentence(model, results)}</p>\n");
        return html.Add($"<p class=\"note\">Scored on {model.ScoredOn}. {ScoreNames.Rule(model.Classes)}</p>\n</header>\n");
    }

    // Accuracy alone misleads where a class is frequent, so what saying always the same would reach stands beside it.
    private static string Sentence(ReportModel model, ClassificationResults results)
    {
        var counts = results.Shown!.Confusion;
        var frequent = Enumerable.Range(0, counts.Classes).MaxBy(counts.Support);
        var always = string.Create(CultureInfo.InvariantCulture, $"{counts.Right} of {counts.Total} cases are told right; calling every case “{model.Classes[frequent]}” would tell {counts.Support(frequent)}.");
        return results.Intervals.FirstOrDefault(i => i.Name == "roc_auc") is { Low: not double.NaN } area
            ? $"{always} ROC AUC lies between {Numbers.Score(area.Low)} and {Numbers.Score(area.High)} in 95 of 100 resamples of patients{(area.Low <= 0.5 ? ", so that a guess is not ruled out" : "")}."
            : always;
    }
}
