using Osteon.Abstractions;

namespace Osteon.Checking;

/// <summary>Nothing to learn from.</summary>
public sealed class NoLabels() : Rule("no-labels", Severity.Red, "No case has a label.", "There is nothing to learn from.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        if (data.Labelled.Count == 0)
        {
            yield return OfAll("no case has a label; there is nothing to learn from.");
        }
    }
}

/// <summary>Training images that cannot train.</summary>
public sealed class NoLabel() : Rule("no-label", Severity.Amber, "A training image has no label; it is left out.", "A label file may be missing.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => data.Labelled.Count == 0 ? [] : data.Cases
        .Where(c => c.Labels is null && c.Case.Source.Subset == Subset.Train && !data.Conversion.Layout.Any(f => f.Check == "missing-label" && f.Where == c.Case.Source.ImagePath))
        .Select(c => OfImage(c, "is a training image without a label; it is left out."));
}

/// <summary>Labels that say where, and not what shape.</summary>
public sealed class WeakLabelling() : Rule("weak-labels", Severity.Amber,
    "Labels are boxes, or say less than outlines in another way, which the format knows.",
    "The network learns boxes, and scores say how well it finds boxes.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        var weak = data.Labelled.Where(c => c.Case.Source.Metadata.ContainsKey(WeakLabels.Key)).ToArray();
        if (weak.Length > 0)
        {
            yield return OfAll($"{weak.Length} of {data.Labelled.Count} labelled cases have weak labels ({Text.Some([.. weak.Select(c => c.Case.Source.Metadata[WeakLabels.Key]).Distinct()])}): a score against them is no score of outlines.");
        }
    }
}

/// <summary>Labels without a pixel, where they are few.</summary>
public sealed class EmptyLabel() : Rule("empty-label", Severity.Amber,
    "A label has no pixel of any class, in a set where few have none; or it has shapes, and yet no pixel.",
    "A labeller skipped the image, or its shapes lie elsewhere.", "rare_share")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        var empty = data.Labelled.Where(c => c.Labels!.Area == 0).ToArray();
        var few = empty.Length <= Math.Max(1, data.Thresholds.RareShare * data.Labelled.Count);
        return empty.Where(c => few || c.Facts.Shapes.Count > 0)
            .Select(c => OfLabel(c, c.Facts.Shapes.Count == 0
                ? "has no pixel of any class."
                : $"has no pixel of any class of the experiment, though it has {c.Facts.Shapes.Count} shape(s) of {Text.Some([.. c.Facts.Shapes.Select(s => s.Class).Distinct()])}."));
    }
}

/// <summary>Labels without a pixel, where they are many.</summary>
public sealed class EmptyLabelShare() : Rule("empty-label-share", Severity.Red,
    "Too large a share of the labelled cases has no pixel of any class, and does not say so by an empty list of shapes.",
    "A conversion lost or misplaced the labels. Where most images truly have nothing to find, raise the threshold.", "empty_label_share", "min_cases")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        // Where shapes are listed, a file without any says that there is nothing; a label image only shows nothing.
        var listed = data.Cases.Any(c => c.Facts.Shapes.Any(s => s.IsPolygon));
        var empty = data.Labelled.Count(c => c.Labels!.Area == 0 && (!listed || c.Facts.Shapes.Count > 0));
        if (data.Labelled.Count >= data.Thresholds.MinCases && empty > data.Thresholds.EmptyLabelShare * data.Labelled.Count)
        {
            yield return OfAll($"{empty} of {data.Labelled.Count} labelled cases ({(double)empty / data.Labelled.Count:P0}) have no pixel of any class; more than {data.Thresholds.EmptyLabelShare:P0} means that labels were lost. Where images truly show nothing, raise check.thresholds.empty_label_share.");
        }
    }
}

/// <summary>Pixels that a softmax cannot learn.</summary>
public sealed class NotOneClass() : Rule(Title, Severity.Red,
    "In multiclass mode a pixel has no class though the experiment leaves none undecided, or several.",
    "A softmax gives each pixel exactly one.")
{
    /// <summary>The rule's name.</summary>
    public const string Title = "not-one-class";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => data.Mode != LabelMode.Multiclass ? [] : data.Labelled
        .Where(c => c.Labels!.Area > 0 && (c.Labels.Overlapping > 0 || (c.Labels.Area != c.Case.Original.Area && data.Conversion.Layout.All(f => f.Check != ReportedByFormat.UndecidedPixels))))
        .Select(c => OfLabel(c, $"{c.Labels!.Area} class pixels on {c.Case.Original.Area} pixels{(c.Labels.Overlapping > 0 ? ", some of two classes" : string.Empty)}; multiclass needs exactly one class on each. Set data.mode to multilabel, or name a background class."));
}

/// <summary>Targets that are no targets.</summary>
public sealed class TargetRange() : Rule("target-range", Severity.Red,
    "A stored label has a bit beyond the last class: a target outside [0, 1] of its channel.",
    "A cross entropy over such targets runs below 0 and learns nothing.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => data.Labelled.Where(c => c.Labels!.OutOfRange > 0)
        .Select(c => OfLabel(c, $"{c.Labels!.OutOfRange} stored pixels have a class beyond the {data.Classes.Count} of the experiment. Run Convert again with --force."));
}

/// <summary>The store against the truth it was made from.</summary>
public sealed class StoredLabelsDiffer() : Rule("stored-labels-differ", Severity.Red,
    "A class covers another share of the stored image than of the original: labels and image were not brought to one size alike.",
    "The network would learn from misplaced labels, and be judged by right ones.", "stored_area_difference")
{
    private const long Enough = 100;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) =>
        from c in data.Labelled
        let scale = (double)c.Case.Stored.Area / c.Case.Shown.Area
        let wrong = Enumerable.Range(0, data.Classes.Count).Where(k =>
            Math.Max(c.Labels!.StoredAreas[k], c.Labels.ShownAreas[k] * scale) is var larger && larger >= Enough
            && Math.Abs(c.Labels.StoredAreas[k] - (c.Labels.ShownAreas[k] * scale)) > Allowed(c.Labels.Classes[k], scale, larger, data.Thresholds)).ToArray()
        where wrong.Length > 0
        select OfLabel(c, $"{Text.Some([.. wrong.Select(k => Due(data.Classes[k], c.Labels!.StoredAreas[k], c.Labels.ShownAreas[k] * scale))])}. Run Convert again with --force.",
            [.. wrong.Select(k => data.Classes[k])]);

    private static string Due(string name, long stored, double due) => $"'{name}' has {stored} stored pixels where {due:0} are due";

    // Nearest neighbours lose or win lines thinner than a stored pixel; many small parts are all line.
    private static double Allowed(ClassSummary of, double scale, double larger, CheckThresholds thresholds) =>
        (thresholds.StoredAreaDifference * larger) + (scale < 1 ? 4 * Math.Sqrt(larger * Math.Min(of.PartCount, 64)) : 0);
}

/// <summary>Cases labelled far more, or far less, than the rest.</summary>
public sealed class LabelShareOutlier() : Rule("label-share-outlier", Severity.Amber,
    "The share of labelled pixels is far from the other cases'.",
    "Part of the labels is missing, or a shape was filled inside out.", "label_share_deviations", "min_cases")
{
    private const double Floor = 0.15;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        var shares = data.Labelled.Where(c => c.Labels!.Labelled > 0).Select(c => (Case: c, Share: (double)c.Labels!.Labelled / c.Case.Stored.Area)).ToArray();
        if (shares.Length < data.Thresholds.MinCases)
        {
            return [];
        }

        var usual = Robust.Of([.. shares.Select(s => Math.Log(s.Share))], Floor);
        return shares.Where(s => usual.Deviations(Math.Log(s.Share)) > data.Thresholds.LabelShareDeviations)
            .Select(s => OfLabel(s.Case, $"{s.Share:P1} of the image is labelled; {Math.Exp(usual.Median):P1} is usual."));
    }
}
