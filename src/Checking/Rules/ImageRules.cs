using System.Globalization;
using Osteon.Abstractions;

namespace Osteon.Checking;

/// <summary>Pictures of nothing.</summary>
public sealed class ConstantImage() : Rule("constant-image", Severity.Red,
    "All pixels of an image are equal.",
    "The export failed; there is nothing to see.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => data.Cases.Where(c => c.Image.Least == c.Image.Greatest)
        .Select(c => OfImage(c, $"has one grey level everywhere ({c.Image.Least:P0} of white)."));
}

/// <summary>Images much brighter or darker than the rest.</summary>
public sealed class BrightnessOutlier() : Rule("brightness-outlier", Severity.Amber,
    "An image's mean brightness is far from the others'.",
    "A wrong window, a failed exposure, or another kind of image.", "brightness_deviations", "min_cases")
{
    private const double Floor = 0.02;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        var seen = data.Cases.Where(c => c.Image.Least < c.Image.Greatest).ToArray();
        if (seen.Length < data.Thresholds.MinCases)
        {
            return [];
        }

        var usual = Robust.Of([.. seen.Select(c => c.Image.Mean)], Floor);
        return seen.Where(c => usual.Deviations(c.Image.Mean) > data.Thresholds.BrightnessDeviations)
            .Select(c => OfImage(c, $"has a mean brightness of {c.Image.Mean:0.000}; {usual.Median:0.000} is usual (0 black, 1 white)."));
    }
}

/// <summary>Images much flatter or harder than the rest.</summary>
public sealed class ContrastOutlier() : Rule("contrast-outlier", Severity.Amber,
    "An image's contrast is far from the others'.",
    "A wrong window, or bits that were shifted.", "contrast_deviations", "min_cases")
{
    private const double Floor = 0.1;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        var seen = data.Cases.Where(c => c.Image.Deviation > 0).ToArray();
        if (seen.Length < data.Thresholds.MinCases)
        {
            return [];
        }

        var usual = Robust.Of([.. seen.Select(c => Math.Log(c.Image.Deviation))], Floor);
        return seen.Where(c => usual.Deviations(Math.Log(c.Image.Deviation)) > data.Thresholds.ContrastDeviations)
            .Select(c => OfImage(c, $"has a contrast of {c.Image.Deviation:0.000} (standard deviation of its pixels); {Math.Exp(usual.Median):0.000} is usual."));
    }
}

/// <summary>Negatives.</summary>
public sealed class InvertedImage() : Rule("inverted-image", Severity.Amber,
    "An image looks like the negative of the others.",
    "MONOCHROME1 was not turned; bright bones became dark.", "min_cases")
{
    private const double Likeness = 0.5;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        if (data.Cases.Count < data.Thresholds.MinCases)
        {
            return [];
        }

        var usual = Thumbnails.Usual(data.Cases);
        return data.Cases.Select(c => (Case: c, Likeness: ImageSummary.Correlation(c.Image.Thumbnail, usual))).Where(c => c.Likeness < -Likeness)
            .Select(c => OfImage(c.Case, $"looks like a negative of the others (correlation {c.Likeness:0.00} with what is usual)."));
    }
}

/// <summary>Images of a size the rest has not.</summary>
public sealed class SizeOutlier() : Rule("size-outlier", Severity.Amber,
    "An image has far more or far fewer pixels than the others.",
    "A thumbnail, or a scan of several images.", "size_deviations", "min_cases")
{
    private const double Floor = 0.1;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        if (data.Cases.Count < data.Thresholds.MinCases)
        {
            return [];
        }

        var usual = Robust.Of([.. data.Cases.Select(c => Math.Log(c.Case.Original.Area))], Floor);
        return data.Cases.Where(c => usual.Deviations(Math.Log(c.Case.Original.Area)) > data.Thresholds.SizeDeviations)
            .Select(c => OfImage(c, $"is {c.Case.Original}, {c.Case.Original.Area} pixels; {Math.Exp(usual.Median):0} are usual."));
    }
}

/// <summary>Bits that the rest has not.</summary>
public sealed class BitDepthMix() : Rule("bit-depth-mix", Severity.Amber,
    "An image has another number of bits than most.",
    "The same grey means another thing.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) =>
        Minority.Of(data.Cases, c => c.Facts.Origin.Bits > 0 ? c.Facts.Origin.Bits.ToString(CultureInfo.InvariantCulture) : string.Empty)
            .Select(m => OfImage(m.Case, $"has {m.Value} bits a sample; {m.Usual} is usual ({m.Count} of {m.All})."));
}

/// <summary>Grey that runs the other way.</summary>
public sealed class PhotometricMix() : Rule("photometric-mix", Severity.Amber,
    "An image's photometric interpretation is not that of most.",
    "MONOCHROME1 beside MONOCHROME2: look whether both came out the same way round.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => Minority.Of(data.Cases, c => c.Facts.Origin.Photometric)
        .Select(m => OfImage(m.Case, $"is {m.Value}; {m.Usual} is usual ({m.Count} of {m.All})."));
}

/// <summary>Colour among grey.</summary>
public sealed class ColourImage() : Rule("colour-image", Severity.Amber,
    "An image is coloured, in a set that is otherwise grey.",
    "A screenshot, a photograph, or marks drawn on a radiograph.", "rare_share")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        var coloured = data.Cases.Where(c => c.Facts.Origin.Coloured).ToArray();
        return coloured.Length > data.Thresholds.RareShare * data.Cases.Count ? [] : coloured
            .Select(c => OfImage(c, $"is coloured; {data.Cases.Count - coloured.Length} of {data.Cases.Count} images are grey. It was made grey."));
    }
}

/// <summary>Values that are no numbers.</summary>
public sealed class NotFinite() : Rule("not-finite", Severity.Red,
    "An image's file holds NaN or infinite values.",
    "One NaN makes every weight NaN.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => data.Cases.Where(c => c.Facts.Origin.NotFinite > 0)
        .Select(c => OfImage(c, $"has {c.Facts.Origin.NotFinite} values that are NaN or infinite; they were replaced."));
}

internal static class Minority
{
    /// <summary>Cases whose value is not the most frequent one; cases without a value are not asked.</summary>
    public static IEnumerable<(CaseSummary Case, string Value, string Usual, int Count, int All)> Of(IEnumerable<CaseSummary> cases, Func<CaseSummary, string> value)
    {
        var known = cases.Select(c => (Case: c, Value: value(c))).Where(c => c.Value.Length > 0).ToArray();
        var groups = known.GroupBy(c => c.Value, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).ToArray();
        return groups.Skip(1).SelectMany(g => g.Select(c => (c.Case, c.Value, groups[0].Key, groups[0].Count(), known.Length)));
    }
}
