using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Datasets;

/// <summary>
/// Converted cases on disk, read by any number of threads at once: a case's file is mapped into memory, proved whole by its checksum, and
/// decoded from there into memory the caller owns.
/// </summary>
public sealed class CaseStore
{
    private readonly string _folder;
    private readonly Dictionary<string, StoredCase> _byId;

    private CaseStore(string folder, IReadOnlyList<string> classes, IReadOnlyList<StoredCase> cases)
    {
        _folder = folder;
        Classes = classes;
        Cases = cases;
        _byId = cases.ToDictionary(c => c.Id, StringComparer.Ordinal);
    }

    /// <summary>Names in channel order.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>All cases, in the order the format listed them.</summary>
    public IReadOnlyList<StoredCase> Cases { get; }

    /// <summary>A case by its id.</summary>
    /// <exception cref="DataException">The store has no such case.</exception>
    public StoredCase this[string id] => _byId.TryGetValue(id, out var found)
        ? found
        : throw new DataException(_folder, $"the store has no case '{id}' among its {Cases.Count}. Run Convert again.");

    /// <summary>Reads the list of a finished store.</summary>
    /// <exception cref="DataException">The list is missing or damaged.</exception>
    public static CaseStore Open(string folder)
    {
        var (classes, cases) = CaseList.Read(StoreLayout.List(folder));
        return new CaseStore(folder, classes, cases);
    }

    /// <summary>Pixels and label words in the stored frame.</summary>
    /// <exception cref="InvalidOperationException">The case is unlabelled.</exception>
    /// <exception cref="DataException">The case's file is missing or damaged.</exception>
    public Sample Read(StoredCase @case)
    {
        Demand(@case);
        using var file = Open(@case);
        return Read(@case, file, new Sample(NewImage(file), new LabelMap(@case.Stored, Classes.Count, NewBytes(file.Header.PlainLabelBytes))));
    }

    /// <summary>Pixels and label words in the stored frame, in memory of a workspace.</summary>
    /// <exception cref="InvalidOperationException">The case is unlabelled.</exception>
    /// <exception cref="DataException">The case's file is missing or damaged.</exception>
    public Sample Read(StoredCase @case, Workspace workspace)
    {
        Demand(@case);
        using var file = Open(@case);
        return Read(@case, file, new Sample(workspace.Image(@case.Stored, file.Header.BytesPerPixel), workspace.Labels(@case.Stored, Classes.Count)));
    }

    /// <summary>Pixels in the stored frame.</summary>
    /// <exception cref="DataException">The case's file is missing or damaged.</exception>
    public Image ReadImage(StoredCase @case)
    {
        using var file = Open(@case);
        var image = NewImage(file);
        return file.ReadImage(image) ? image : throw Damaged(@case, "its pixels are damaged");
    }

    /// <summary>Pixels in the stored frame, in memory of a workspace.</summary>
    /// <exception cref="DataException">The case's file is missing or damaged.</exception>
    public Image ReadImage(StoredCase @case, Workspace workspace)
    {
        using var file = Open(@case);
        var image = workspace.Image(@case.Stored, file.Header.BytesPerPixel);
        return file.ReadImage(image) ? image : throw Damaged(@case, "its pixels are damaged");
    }

    /// <summary>A mask a class, in the original frame.</summary>
    /// <exception cref="InvalidOperationException">The case is unlabelled.</exception>
    /// <exception cref="DataException">The case's file is missing or damaged.</exception>
    public IReadOnlyList<Mask> ReadTruth(StoredCase @case)
    {
        Demand(@case);
        using var file = Open(@case);
        return TruthCodec.Decode(file.Truth, @case.Original, Classes.Count) ?? throw Damaged(@case, "its runs are damaged");
    }

    /// <summary>What only the raw files could tell.</summary>
    /// <exception cref="DataException">The case's file is missing or damaged.</exception>
    public CaseFacts ReadFacts(StoredCase @case)
    {
        using var file = Open(@case);
        try
        {
            return JsonSerializer.Deserialize<CaseFacts>(file.Facts, JsonLayout.Compact) is { Origin: not null, Shapes: not null } facts && !facts.Shapes.Contains(null!)
                ? facts
                : throw Damaged(@case, "what its files told is damaged");
        }
        catch (JsonException e)
        {
            throw Damaged(@case, $"what its files told is damaged ({e.Message})");
        }
    }

    private Sample Read(StoredCase @case, CaseFile file, Sample sample) =>
        !file.ReadImage(sample.Image) ? throw Damaged(@case, "its pixels are damaged")
        : !file.ReadLabels(sample.Labels) ? throw Damaged(@case, "its label words are damaged")
        : sample;

    private static Image NewImage(CaseFile file) => new(file.Header.Stored, file.Header.BytesPerPixel, NewBytes(file.Header.PlainImageBytes));

    private static byte[] NewBytes(long length) => GC.AllocateUninitializedArray<byte>((int)length);

    private static void Demand(StoredCase @case)
    {
        if (!@case.Labelled)
        {
            throw new InvalidOperationException($"Case {@case.Id} has no labels.");
        }
    }

    private CaseFile Open(StoredCase @case)
    {
        var file = CaseFile.Open(StoreLayout.Case(_folder, @case.Id), out var fault) ?? throw Damaged(@case, fault);
        var header = file.Header;
        if (header.Classes == Classes.Count && header.Original == @case.Original && header.Stored == @case.Stored && header.Labelled == @case.Labelled)
        {
            return file;
        }

        file.Dispose();
        throw Damaged(@case, "it differs from the list of cases");
    }

    private DataException Damaged(StoredCase @case, string why) =>
        new(StoreLayout.Case(_folder, @case.Id), $"{why}. Run Convert again, with --force when it says that nothing is to do.");
}
