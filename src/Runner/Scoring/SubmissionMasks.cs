using Osteon.Datasets;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>A submission's rows as masks again, case by case.</summary>
internal static class SubmissionMasks
{
    /// <summary>Masks of the given cases, one a class; a row that is not there is an empty mask. Every row's image must be among the cases.</summary>
    public static IEnumerable<(StoredCase Case, IReadOnlyList<Mask> Masks)> Read(string path, IEnumerable<StoredCase> cases, IReadOnlyList<string> classes)
    {
        var named = cases.ToDictionary(c => c.Source.ImageName, StringComparer.Ordinal);
        var frames = named.ToDictionary(c => c.Key, c => c.Value.Original, StringComparer.Ordinal);
        var channel = classes.Select((name, k) => (name, k)).ToDictionary(c => c.name, c => c.k, StringComparer.Ordinal);
        var masks = new Dictionary<string, Mask[]>(StringComparer.Ordinal);
        foreach (var row in SubmissionReader.Read(path, frames))
        {
            if (!masks.TryGetValue(row.Image, out var found))
            {
                masks[row.Image] = found = [.. classes.Select(_ => Mask.Empty(frames[row.Image]))];
            }

            found[channel[row.Class]] = row.Mask;
        }

        foreach (var (name, stored) in named)
        {
            yield return (stored, masks.GetValueOrDefault(name) ?? [.. classes.Select(_ => Mask.Empty(stored.Original))]);
        }
    }
}
