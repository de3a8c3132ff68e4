using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Datasets;

/// <summary>
/// Converted cases on disk, read by any number of threads at once. Every read is one copy from the page cache into memory
/// the caller owns; a file that changes under a memory map would end the process instead.
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
        using var file = Open(@case, out var header);
        var image = ReadBytes(file, CaseHeader.Size, header.ImageBytes);
        var words = ReadBytes(file, header.LabelOffset, header.LabelBytes);
        return new Sample(new Image(header.Stored, header.BytesPerPixel, image), new LabelMap(header.Stored, header.Classes, words));
    }

    /// <summary>Pixels and label words in the stored frame, in memory of a workspace.</summary>
    /// <exception cref="InvalidOperationException">The case is unlabelled.</exception>
    /// <exception cref="DataException">The case's file is missing or damaged.</exception>
    public Sample Read(StoredCase @case, Workspace workspace)
    {
        Demand(@case);
        using var file = Open(@case, out var header);
        var sample = new Sample(workspace.Image(header.Stored, header.BytesPerPixel), workspace.Labels(header.Stored, header.Classes));
        ReadBytes(file, CaseHeader.Size, sample.Image.Bytes);
        ReadBytes(file, header.LabelOffset, sample.Labels.Bytes);
        return sample;
    }

    /// <summary>Pixels in the stored frame.</summary>
    /// <exception cref="DataException">The case's file is missing or damaged.</exception>
    public Image ReadImage(StoredCase @case)
    {
        using var file = Open(@case, out var header);
        return new Image(header.Stored, header.BytesPerPixel, ReadBytes(file, CaseHeader.Size, header.ImageBytes));
    }

    /// <summary>A mask a class, in the original frame.</summary>
    /// <exception cref="InvalidOperationException">The case is unlabelled.</exception>
    /// <exception cref="DataException">The case's file is missing or damaged.</exception>
    public IReadOnlyList<Mask> ReadTruth(StoredCase @case)
    {
        Demand(@case);
        using var file = Open(@case, out var header);
        return TruthCodec.Decode(ReadBytes(file, header.TruthOffset, header.TruthBytes), header.Original, header.Classes)
            ?? throw Damaged(@case, "its runs are damaged");
    }

    /// <summary>What only the raw files could tell.</summary>
    /// <exception cref="DataException">The case's file is missing or damaged.</exception>
    public CaseFacts ReadFacts(StoredCase @case)
    {
        using var file = Open(@case, out var header);
        try
        {
            return JsonSerializer.Deserialize<CaseFacts>(ReadBytes(file, header.FactsOffset, header.FactsBytes), JsonLayout.Compact) is { Origin: not null, Shapes: not null } facts && !facts.Shapes.Contains(null!)
                ? facts
                : throw Damaged(@case, "what its files told is damaged");
        }
        catch (JsonException e)
        {
            throw Damaged(@case, $"what its files told is damaged ({e.Message})");
        }
    }

    private static void Demand(StoredCase @case)
    {
        if (!@case.Labelled)
        {
            throw new InvalidOperationException($"Case {@case.Id} has no labels.");
        }
    }

    private SafeFileHandle Open(StoredCase @case, out CaseHeader header)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(StoreLayout.Case(_folder, @case.Id));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Damaged(@case, e.Message);
        }

        header = CaseHeader.Read(file);
        var fault = header.Fault(RandomAccess.GetLength(file))
            ?? (header.Classes != Classes.Count || header.Original != @case.Original || header.Stored != @case.Stored || header.Labelled != @case.Labelled
                ? "it differs from the list of cases" : null);
        if (fault is not null)
        {
            file.Dispose();
            throw Damaged(@case, fault);
        }

        return file;
    }

    private static byte[] ReadBytes(SafeFileHandle file, long offset, long length)
    {
        var bytes = GC.AllocateUninitializedArray<byte>((int)length);
        ReadBytes(file, offset, bytes);
        return bytes;
    }

    private static void ReadBytes(SafeFileHandle file, long offset, Span<byte> bytes)
    {
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(file, bytes[done..], offset + done);
            done += read > 0 ? read : throw new EndOfStreamException("A case file became shorter while it was read.");
        }
    }

    private DataException Damaged(StoredCase @case, string why) =>
        new(StoreLayout.Case(_folder, @case.Id), $"{why}. Run Convert again, with --force when it says that nothing is to do.");
}
