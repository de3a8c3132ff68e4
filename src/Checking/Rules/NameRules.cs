using System.Text;
using Osteon.Abstractions;

namespace Osteon.Checking;

/// <summary>Images that a submission could not tell apart.</summary>
public sealed class SameImageName() : Rule("same-image-name", Severity.Red,
    "Two images have the same base name in different folders.",
    "A submission names images by their base names and could not tell them apart.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => data.Cases
        .GroupBy(c => c.Case.Source.ImageName, StringComparer.Ordinal).Where(g => g.Count() > 1)
        .Select(g => OfImage(g.Last(), $"{g.Key} is the base name of {string.Join(" and ", g.Select(c => c.Case.Source.ImagePath))}. Rename one."));
}

/// <summary>Ids that some file systems take for one.</summary>
public sealed class NamesCollide() : Rule("names-collide", Severity.Amber,
    "Two cases' names differ only by letter case, or by how an accented letter is encoded.",
    "On Windows and macOS their files would be one.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => data.Cases
        .GroupBy(c => Folded(c.Id), StringComparer.Ordinal).Where(g => g.Count() > 1)
        .Select(g => OfImage(g.Last(), $"'{g.Last().Id}' and '{g.First().Id}' are one name where letter case does not count. Rename one."));

    private static string Folded(string id)
    {
        try
        {
            return id.Normalize(NormalizationForm.FormC).ToUpperInvariant();
        }
        catch (ArgumentException)                                   // half a surrogate pair
        {
            return id;
        }
    }
}

/// <summary>Facts that most cases have and some lack.</summary>
public sealed class MetadataMissing() : Rule("metadata-missing", Severity.Amber,
    "A case lacks a fact (sex, age, …) that most others have.",
    "Folds balanced by it put such cases into a class of their own.", "usual_share", "min_cases")
{
    // Remarks are for the few.
    private const string Note = "note";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        if (data.Cases.Count < data.Thresholds.MinCases)
        {
            return [];
        }

        var usual = data.Cases.SelectMany(c => c.Case.Source.Metadata.Where(m => m.Value.Length > 0).Select(m => m.Key)).GroupBy(key => key, StringComparer.Ordinal)
            .Where(g => g.Key != Note && g.Count() >= data.Thresholds.UsualShare * data.Cases.Count).Select(g => g.Key).ToArray();
        return data.Cases
            .Select(c => (Case: c, Missing: usual.Where(key => string.IsNullOrEmpty(c.Case.Source.Metadata.GetValueOrDefault(key))).Order(StringComparer.Ordinal).ToArray()))
            .Where(c => c.Missing.Length > 0)
            .Select(c => OfImage(c.Case, $"has no {string.Join(", ", c.Missing)}, which {data.Thresholds.UsualShare:P0} of the cases or more have."));
    }
}

/// <summary>Pixels of another size than in the rest of the set.</summary>
public sealed class SpacingMix() : Rule("spacing-mix", Severity.Amber,
    "An image's pixels are of another size in mm than most, or not square, or their size is unknown while the others' is known.",
    "The same bone would have another size in pixels, and distances in mm would be wrong.", "spacing_difference", "min_cases")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        var known = data.Cases.Where(c => c.Facts.Origin.Spacing is { Row: > 0, Column: > 0 }).ToArray();
        if (data.Cases.Count < data.Thresholds.MinCases || known.Length < data.Thresholds.UsualShare * data.Cases.Count)
        {
            yield break;
        }

        var usual = Robust.MedianOf([.. known.Select(c => c.Facts.Origin.Spacing!.Value.Row)]);
        foreach (var summary in data.Cases)
        {
            if (summary.Facts.Origin.Spacing is not { Row: > 0, Column: > 0 } spacing)
            {
                yield return OfImage(summary, $"does not say how large its pixels are; most others say {usual:0.####} mm.");
            }
            else if (Differs(spacing.Row, usual) || Differs(spacing.Column, spacing.Row))
            {
                yield return OfImage(summary, $"has pixels of {spacing.Row:0.####} × {spacing.Column:0.####} mm; most others have {usual:0.####} mm.");
            }
        }

        bool Differs(double a, double b) => Math.Abs(a - b) > data.Thresholds.SpacingDifference * b;
    }
}
