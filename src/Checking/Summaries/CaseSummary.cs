using Osteon.Abstractions;
using Osteon.Datasets;

namespace Osteon.Checking;

/// <summary>All that rules know of a case: a few kilobytes, whatever its images take.</summary>
/// <param name="Case">Who it is.</param>
/// <param name="Facts">What its raw files told.</param>
/// <param name="Image">Its pixels in numbers.</param>
/// <param name="Labels">Its labels in numbers; null when it has none.</param>
public sealed record CaseSummary(StoredCase Case, CaseFacts Facts, ImageSummary Image, LabelSummary? Labels)
{
    /// <summary>The case's id.</summary>
    public string Id => Case.Id;

    /// <summary>The label's file where there is one, otherwise the image's.</summary>
    public string LabelPath => Case.Source.LabelPath ?? Case.Source.ImagePath;

    /// <summary>Reads and measures one case.</summary>
    /// <exception cref="DataException">The case's file is missing or damaged.</exception>
    public static CaseSummary Of(CaseStore store, StoredCase stored)
    {
        var facts = store.ReadFacts(stored);
        if (!stored.Labelled)
        {
            return new CaseSummary(stored, facts, ImageSummary.Of(store.ReadImage(stored)), null);
        }

        var sample = store.Read(stored);
        return new CaseSummary(stored, facts, ImageSummary.Of(sample.Image), LabelSummary.Of(store.ReadTruth(stored), sample.Labels, stored.Crop));
    }

    /// <summary>Measures every case, in parallel; memory holds as many images as there are threads.</summary>
    /// <returns>In the store's order, whatever the threads.</returns>
    public static CaseSummary[] OfAll(CaseStore store, Action<int>? progress, CancellationToken cancellation)
    {
        var summaries = new CaseSummary[store.Cases.Count];
        var done = 0;
        Parallel.For(0, summaries.Length, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            summaries[i] = Of(store, store.Cases[i]);
            progress?.Invoke(Interlocked.Increment(ref done));
        });
        return summaries;
    }
}
