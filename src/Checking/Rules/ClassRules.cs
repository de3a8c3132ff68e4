using Osteon.Abstractions;

namespace Osteon.Checking;

/// <summary>Classes of the experiment that nobody drew.</summary>
public sealed class ClassNeverSeen() : Rule("class-never-seen", Severity.Red,
    "A class of the experiment has no pixel in any case.",
    "Its channel would learn to be empty.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => data.Labelled.Count == 0 ? [] : Enumerable.Range(0, data.Classes.Count)
        .Where(k => !data.Labelled.Any(c => c.Labels!.Classes[k].IsPresent))
        .Select(k => OfAll($"class '{data.Classes[k]}' has no pixel in any case. Check its spelling in data.classes, or leave it out.", data.Classes[k]));
}

/// <summary>Classes that are everywhere.</summary>
public sealed class ClassEverywhere() : Rule("class-everywhere", Severity.Amber,
    "A class covers every image whole.",
    "It is the canvas, not a thing: nothing can be learnt of it.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => data.Labelled.Count == 0 ? [] : Enumerable.Range(0, data.Classes.Count)
        .Where(k => data.Labelled.All(c => c.Labels!.Classes[k].Area == c.Case.Original.Area))
        .Select(k => OfAll($"class '{data.Classes[k]}' covers all of all {data.Labelled.Count} images. Leave it out, or look at the label's values.", data.Classes[k]));
}

/// <summary>A class that almost all have.</summary>
public sealed class ClassMissing() : Rule("class-missing", Severity.Amber,
    "A case lacks a class that almost every labelled case has.",
    "A labeller forgot it, or gave it another's name.", "usual_share", "min_cases")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        var labelled = data.Labelled.Where(c => c.Labels!.Area > 0).ToArray();
        if (labelled.Length < data.Thresholds.MinCases)
        {
            return [];
        }

        var usual = Enumerable.Range(0, data.Classes.Count).Where(k => labelled.Count(c => c.Labels!.Classes[k].IsPresent) >= data.Thresholds.UsualShare * labelled.Length).ToArray();
        return
            from c in labelled
            let missing = usual.Where(k => !c.Labels!.Classes[k].IsPresent).Select(k => data.Classes[k]).ToArray()
            where missing.Length > 0
            select OfLabel(c, $"lacks {Text.Some(missing)}, which {data.Thresholds.UsualShare:P0} of the cases or more have.", missing);
    }
}

/// <summary>Classes that vanish when stored small.</summary>
public sealed class ClassLostAtSize() : Rule("class-lost-at-size", Severity.Amber,
    "A class that a case has is gone from its stored label: convert.size is too small for it.",
    "The network learns that it is not there.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) =>
        from k in Enumerable.Range(0, data.Classes.Count)
        let lost = data.Labelled.Where(c => c.Labels!.Classes[k].IsPresent && c.Labels.StoredAreas[k] == 0 && c.Labels.ShownAreas[k] * (double)c.Case.Stored.Area / c.Case.Shown.Area < 100).ToArray()
        where lost.Length > 0
        let smallest = lost.MinBy(c => c.Labels!.Classes[k].Area)
        select OfLabel(smallest, $"'{data.Classes[k]}' has {smallest.Labels!.Classes[k].Area} pixels at {smallest.Case.Original} and none at {smallest.Case.Stored}; so in {lost.Length} of {data.Labelled.Count} cases. Raise convert.size.", data.Classes[k]);
}

/// <summary>Classes of a size they never have.</summary>
public sealed class AreaOutlier() : Rule("area-outlier", Severity.Amber,
    "A class's area is far from what it is in the other cases.",
    "An outline was cut short, or belongs to another class.", "area_deviations", "min_cases")
{
    private const double Floor = 0.15;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        for (var k = 0; k < data.Classes.Count; k++)
        {
            var shares = data.Labelled.Where(c => c.Labels!.Classes[k].IsPresent).Select(c => (Case: c, Log: Math.Log((double)c.Labels!.Classes[k].Area / c.Case.Original.Area))).ToArray();
            if (shares.Length < data.Thresholds.MinCases)
            {
                continue;
            }

            var usual = Robust.Of([.. shares.Select(s => s.Log)], Floor);
            foreach (var (summary, log) in shares.Where(s => usual.Deviations(s.Log) > data.Thresholds.AreaDeviations))
            {
                var times = Math.Exp(Math.Abs(log - usual.Median));
                yield return OfLabel(summary, $"'{data.Classes[k]}' has {summary.Labels!.Classes[k].Area} pixels, {times:0.#} times {(log > usual.Median ? "more" : "fewer")} than is usual.", data.Classes[k]);
            }
        }
    }
}

/// <summary>A class in two places.</summary>
public sealed class PartsApart() : Rule("parts-apart", Severity.Amber,
    "A class that is in one piece almost everywhere has two parts far from each other.",
    "One of the parts usually belongs to another class.", "parts_apart", "rare_share", "fragment_pixels")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        for (var k = 0; k < data.Classes.Count; k++)
        {
            var present = data.Labelled.Where(c => c.Labels!.Classes[k].IsPresent).ToArray();
            var apart = present.Select(c => (Case: c, Gap: Gap(c.Labels!.Classes[k], data.Thresholds))).Where(c => c.Gap > 0).ToArray();
            if (present.Length > 1 && apart.Length <= data.Thresholds.RareShare * present.Length)
            {
                foreach (var (summary, gap) in apart)
                {
                    yield return OfLabel(summary, $"'{data.Classes[k]}' has parts {gap:0} pixels apart; in {present.Length - apart.Length} of {present.Length} cases it is in one place.", data.Classes[k]);
                }
            }
        }
    }

    private static double Gap(ClassSummary of, CheckThresholds thresholds)
    {
        var farthest = of.Parts.Skip(1).Where(p => p.Area >= thresholds.FragmentPixels).Select(p => of.Parts[0].GapTo(p)).DefaultIfEmpty(0).Max();
        return farthest > thresholds.PartsApart * Math.Sqrt(of.Area) ? farthest : 0;
    }
}

/// <summary>Crumbs.</summary>
public sealed class TinyFragments() : Rule("tiny-fragments", Severity.Amber,
    "A class that is whole almost everywhere has fragments of a few pixels.",
    "Stray clicks; surface distances jump by them.", "fragment_pixels", "rare_share")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        for (var k = 0; k < data.Classes.Count; k++)
        {
            var present = data.Labelled.Where(c => c.Labels!.Classes[k].IsPresent).ToArray();
            var crumbs = present.Select(c => (Case: c, Count: c.Labels!.Classes[k].SmallParts.Count(area => area < data.Thresholds.FragmentPixels))).Where(c => c.Count > 0).ToArray();

            // Where a class is often in pieces, small ones are its nature.
            var pieces = present.Count(c => c.Labels!.Classes[k].PartCount > 1);
            if (present.Length > 1 && pieces <= data.Thresholds.RareShare * present.Length)
            {
                foreach (var (summary, count) in crumbs)
                {
                    yield return OfLabel(summary, $"'{data.Classes[k]}' has {count}{(count == RunParts.Kept ? " or more" : string.Empty)} fragment(s) of fewer than {data.Thresholds.FragmentPixels} pixels, the smallest of {summary.Labels!.Classes[k].SmallParts[0]}.", data.Classes[k]);
                }
            }
        }
    }
}
