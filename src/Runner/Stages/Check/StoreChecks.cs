using System.Collections.Concurrent;
using System.Security.Cryptography;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>What can only be seen with every case at hand.</summary>
internal static class StoreChecks
{
    public static IEnumerable<Finding> Run(CaseStore store, LabelMode mode, CancellationToken cancellation)
    {
        var findings = new ConcurrentBag<Finding>();
        var seen = new long[store.Classes.Count];
        var images = new ConcurrentBag<(string Hash, string Path)>();
        Parallel.ForEach(store.Cases, new ParallelOptions { CancellationToken = cancellation }, stored =>
        {
            images.Add((Convert.ToHexString(SHA256.HashData(store.ReadImage(stored).Bytes)), stored.Source.ImagePath));
            if (!stored.Labelled)
            {
                return;
            }

            var truth = store.ReadTruth(stored);
            for (var k = 0; k < truth.Count; k++)
            {
                Interlocked.Add(ref seen[k], truth[k].IsEmpty ? 0 : 1);
            }

            CheckLabels(stored, truth, mode, findings);
        });
        return [.. findings, .. Whole(store, seen), .. Copies(images), .. Names(store)];
    }

    private static IEnumerable<Finding> Copies(IEnumerable<(string Hash, string Path)> images) => images
        .GroupBy(i => i.Hash, i => i.Path)
        .Select(g => g.Order(StringComparer.Ordinal).ToArray())
        .Where(paths => paths.Length > 1)
        .SelectMany(paths => paths.Skip(1).Select(copy => new Finding(Severity.Amber, "same-image", copy,
            $"has the same pixels as {paths[0]}; copies in two folds would leak.")));

    private static void CheckLabels(StoredCase stored, IReadOnlyList<Mask> truth, LabelMode mode, ConcurrentBag<Finding> findings)
    {
        if (truth.All(m => m.IsEmpty))
        {
            findings.Add(new Finding(Severity.Amber, "empty-label", stored.Source.LabelPath!, "has no pixel of any class."));
        }
        else if (mode == LabelMode.Multiclass && truth.Sum(m => m.Area) is var labelled && labelled != stored.Original.Area)
        {
            findings.Add(new Finding(Severity.Red, "not-one-class", stored.Source.LabelPath!,
                $"{labelled} class pixels on {stored.Original.Area} pixels; multiclass needs exactly one class on each. Set data.mode to multilabel, or name a background class."));
        }
    }

    private static IEnumerable<Finding> Whole(CaseStore store, long[] seen)
    {
        if (!store.Cases.Any(c => c.Labelled))
        {
            yield return new Finding(Severity.Red, "no-labels", ".", "no case has a label; there is nothing to learn from.");
            yield break;
        }

        for (var k = 0; k < seen.Length; k++)
        {
            if (seen[k] == 0)
            {
                yield return new Finding(Severity.Red, "class-never-seen", ".",
                    $"class '{store.Classes[k]}' has no pixel in any case. Check its spelling in data.classes, or leave it out.");
            }
        }

        foreach (var stored in store.Cases.Where(c => !c.Labelled && c.Source.Subset == Subset.Train))
        {
            yield return new Finding(Severity.Amber, "no-label", stored.Source.ImagePath, "is a training image without a label; it is left out.");
        }
    }

    // A submission names images by their base names: two alike could not be told apart.
    private static IEnumerable<Finding> Names(CaseStore store) => store.Cases
        .GroupBy(c => c.Source.ImageName, StringComparer.Ordinal)
        .Where(g => g.Count() > 1)
        .Select(g => new Finding(Severity.Red, "same-image-name", g.Key, $"is the base name of {string.Join(" and ", g.Select(c => c.Source.ImagePath))}; a submission could not tell them apart."));
}
