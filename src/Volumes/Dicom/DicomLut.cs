using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>A table from stored or modality values to others. DICOM PS3.3, sections C.11.1.1 and C.11.2.1.1.</summary>
/// <param name="First">The value that the first entry stands for; those outside of the table take the nearest entry.</param>
/// <param name="Entries">At least one.</param>
/// <param name="Bits">Of an entry.</param>
/// <param name="Explanation">Free text, the table's name.</param>
internal sealed record DicomLut(int First, int[] Entries, int Bits, string Explanation)
{
    public double this[double value] => Entries[(int)Math.Clamp(Math.Round(value) - First, 0, Entries.Length - 1)];

    /// <summary>A table in an item of a modality or VOI LUT sequence.</summary>
    public static DicomLut Of(string path, DicomDataset item, bool signed, string name) =>
        Of(path, item[DicomTags.LutDescriptor], item[DicomTags.LutData], signed, name) with { Explanation = item.Text(DicomTags.LutExplanation) ?? string.Empty };

    /// <exception cref="DataException">The table is missing, or shorter than its descriptor says.</exception>
    public static DicomLut Of(string path, DicomElement? descriptor, DicomElement? data, bool signed, string name)
    {
        if (descriptor?.Value is not { Length: >= 6 } numbers || data is null)
        {
            throw new DataException(path, $"its {name} has no descriptor of three numbers, or no data: the file is damaged.");
        }

        var three = Words(numbers.Span, descriptor.BigEndian);
        var (count, first, bits) = (three[0] == 0 ? 65536 : three[0], signed ? (short)three[1] : three[1], three[2]);
        if (bits is < 1 or > 16)
        {
            throw new DataException(path, $"its {name} has entries of {bits} bits; 1 to 16 are read.");
        }

        // Entries of 8 bits may be packed, two a word.
        var bytes = data.Value.Length < 2 * count && bits <= 8;
        var entries = bytes ? Bytes(data) : Words(data.Value.Span, data.BigEndian);
        return entries.Length >= count
            ? new DicomLut(first, entries[..count], bits, string.Empty)
            : throw new DataException(path, $"its {name} says {count} entries and has {entries.Length}: the file is damaged.");
    }

    /// <summary>Entries of a palette that is stored as segments: discrete values, or straight lines to a value. PS3.3, section C.7.9.2.</summary>
    public static int[] Segments(string path, DicomElement data, int most)
    {
        var words = Words(data.Value.Span, data.BigEndian);
        var entries = new List<int>();
        for (var at = 0; at + 2 < words.Length;)
        {
            var (kind, count) = (words[at], words[at + 1]);
            if (kind > 1 || entries.Count + count > most || (kind == 0 && at + 2 + count > words.Length) || (kind == 1 && entries.Count == 0))
            {
                throw new DataException(path, $"its segmented palette has a segment of kind {kind} and {count} entries at word {at}; discrete and linear ones that fit are read.");
            }

            if (kind == 0)
            {
                entries.AddRange(words[(at + 2)..(at + 2 + count)]);
                at += 2 + count;
            }
            else
            {
                var (from, to) = (entries[^1], words[at + 2]);
                entries.AddRange(Enumerable.Range(1, count).Select(i => from + (int)Math.Round((to - from) * (double)i / count)));
                at += 3;
            }
        }

        return [.. entries];
    }

    private static int[] Bytes(DicomElement data)
    {
        var bytes = data.Value.ToArray();
        if (data.BigEndian && data.Vr == "OW")
        {
            NumberTypes.Swap(bytes, 2);
        }

        return [.. bytes.Select(b => (int)b)];
    }

    private static int[] Words(ReadOnlySpan<byte> bytes, bool big)
    {
        var words = new int[bytes.Length / 2];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = big ? (bytes[2 * i] << 8) | bytes[(2 * i) + 1] : bytes[2 * i] | (bytes[(2 * i) + 1] << 8);
        }

        return words;
    }
}
