using System.Collections.Concurrent;
using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Datasets;

/// <summary>
/// Writes converted cases, a file each, and last the list that makes them a store. A killed conversion starts again where it
/// stopped: what <see cref="Find"/> returns need not be written again.
/// </summary>
/// <param name="folder">The store's folder; made when it does not exist.</param>
/// <param name="classes">Names in channel order; 1 to 64.</param>
public sealed class CaseStoreWriter(string folder, IReadOnlyList<string> classes)
{
    private readonly ConcurrentDictionary<string, CaseHeader> _whole = new(StringComparer.Ordinal);

    /// <summary>True when an earlier call left this case whole.</summary>
    public bool Has(string id) => Header(id) is not null;

    /// <summary>The case as an earlier call left it, or null when it has to be written.</summary>
    public StoredCase? Find(CaseSource source) =>
        Header(source.Id) is { } header ? new StoredCase(source, header.Original, header.Stored, header.Labelled) { Crop = CropOf(source.Id) } : null;

    /// <summary>Writes one case, whole or not at all. Any number of threads may write different cases.</summary>
    /// <param name="case">What is written.</param>
    /// <param name="stored">Pixels in <see cref="StoredCase.Stored"/>.</param>
    /// <param name="labels">Words in <see cref="StoredCase.Stored"/>; null exactly when the case is unlabelled.</param>
    /// <param name="truth">A mask a class in <see cref="StoredCase.Original"/>; null exactly when the case is unlabelled.</param>
    /// <param name="facts">What the raw files told.</param>
    /// <exception cref="ArgumentException">Frames, class counts or labels do not fit the case.</exception>
    public void Write(StoredCase @case, Image stored, LabelMap? labels, IReadOnlyList<Mask>? truth, CaseFacts? facts = null)
    {
        if (stored.Frame != @case.Stored || @case.Labelled != labels is not null || @case.Labelled != truth is not null
            || (labels is not null && (labels.Frame != @case.Stored || labels.Classes != classes.Count))
            || (truth is not null && (truth.Count != classes.Count || truth.Any(m => m.Frame != @case.Original)))
            || (@case.Crop is { } crop && !crop.IsWithin(@case.Original)))
        {
            throw new ArgumentException($"Case {@case.Id}: image, labels and truth must fit {@case.Stored}, {@case.Original} and {classes.Count} classes.", nameof(@case));
        }

        var pixels = PixelCodec.Encode(stored.Bytes, stored.Frame.Width, stored.BytesPerPixel) ?? stored.Bytes.ToArray();
        var words = labels is null ? null : WordCodec.Encode(labels) ?? labels.Bytes.ToArray();
        var runs = truth is null ? null : TruthCodec.Encode(truth);
        var told = JsonSerializer.SerializeToUtf8Bytes((facts ?? CaseFacts.None) with { Crop = @case.Crop }, JsonLayout.Compact);
        var header = CaseHeader.For(@case.Original, @case.Stored, stored.BytesPerPixel, classes.Count, pixels.Length, words?.Length, runs?.Length, told.Length);
        header.Checksum = header.Sum(pixels, words, runs, told);
        AtomicFile.Write(StoreLayout.Case(folder, @case.Id), stream =>
        {
            stream.Write(header.ToArray());
            stream.Write(pixels);
            stream.Write(words);
            stream.Write(runs);
            stream.Write(told);
        });
        _whole[@case.Id] = header;
    }

    /// <summary>Writes the list; from here on the folder is a store.</summary>
    /// <param name="inOrder">Every case, in the order stages keep.</param>
    /// <exception cref="InvalidOperationException">A case was not written, or is listed twice.</exception>
    public void Finish(IReadOnlyList<StoredCase> inOrder)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var c in inOrder)
        {
            if (!seen.Add(c.Id) || !Has(c.Id))
            {
                throw new InvalidOperationException($"Case {c.Id} was not written, or is listed twice.");
            }
        }

        AtomicFile.WriteAllBytes(StoreLayout.List(folder), CaseList.Write(classes, inOrder));
    }

    private Box? CropOf(string id)
    {
        using var file = CaseFile.Open(StoreLayout.Case(folder, id), out _);
        return file is null ? null : JsonSerializer.Deserialize<CaseFacts>(file.Facts, JsonLayout.Compact)?.Crop;
    }

    // A case is proved whole once: it is never changed.
    private CaseHeader? Header(string id)
    {
        if (!_whole.TryGetValue(id, out var header))
        {
            using var file = CaseFile.Open(StoreLayout.Case(folder, id), out _);
            if (file is null || file.Header.Classes != classes.Count)
            {
                return null;
            }

            header = _whole.GetOrAdd(id, file.Header);
        }

        return header;
    }
}
