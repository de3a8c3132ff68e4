using Osteon.Abstractions;
using Osteon.Datasets;

namespace Osteon.Runner;

/// <summary>
/// Raw files → case store, in parallel, holding as many images as there are threads: one more than cores, for one waits for the disk. What cannot be read is recorded for Check to
/// judge, so that one run names every broken file. Called again on the folder a killed call left, it goes on with the cases that are missing.
/// </summary>
public static class Conversion
{
    /// <summary>Converts a data set.</summary>
    /// <param name="format">Reads it.</param>
    /// <param name="root">Where it lies.</param>
    /// <param name="classes">In channel order; empty: the format's own.</param>
    /// <param name="size">Longer side of stored images in pixels; 0 keeps the original.</param>
    /// <param name="folder">The store's; made when it does not exist.</param>
    /// <param name="progress">Told cases done and in all; from several threads.</param>
    /// <param name="cancellation">Stops between cases.</param>
    /// <param name="convert">Spacing, crop and resampling; its own size is not looked at. Null: none.</param>
    /// <param name="mode">Whether a pixel has one class.</param>
    /// <returns>Cases in the store.</returns>
    /// <exception cref="ConfigurationException">The root holds no case.</exception>
    public static int Run(DatasetFormat format, string root, IReadOnlyList<string> classes, int size, string folder, Action<int, int>? progress, CancellationToken cancellation, ConvertPlan? convert = null, LabelMode mode = LabelMode.Multilabel)
    {
        var known = format.ClassesIn(root);
        classes = classes.Count > 0 ? classes : known;
        var index = format.Index(root);
        if (index.Cases.Count == 0)
        {
            throw new ConfigurationException($"{root} holds no case in the layout that was named.");
        }

        Sweep(folder);
        var writer = new CaseStoreWriter(folder, classes);
        var conversion = new CaseConversion(format, root, classes, StoredForm.Of(convert ?? new ConvertPlan(), size), mode);
        var results = new (StoredCase? Stored, UnreadFile? Unread)[index.Cases.Count];
        var done = 0;
        Parallel.For(0, results.Length, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount + 1 }, i =>
        {
            results[i] = writer.Find(index.Cases[i]) is { } whole ? (whole, null) : conversion.Convert(index.Cases[i], writer);
            progress?.Invoke(Interlocked.Increment(ref done), results.Length);
        });
        new ConversionRecord([.. classes.Union(known)], index.Findings, [.. results.Select(r => r.Unread).OfType<UnreadFile>()]).Save(folder);
        writer.Finish([.. results.Select(r => r.Stored).OfType<StoredCase>()]);
        return results.Count(r => r.Stored is not null);
    }

    // What a killed call was writing when it ended.
    private static void Sweep(string folder)
    {
        foreach (var partial in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.tmp", SearchOption.AllDirectories) : [])
        {
            File.Delete(partial);
        }
    }
}
