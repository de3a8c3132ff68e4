using System.Globalization;
using System.Text;

namespace Osteon.Volumes;

/// <summary>An element of a data set: a value, items of a sequence, or fragments of encapsulated pixel data.</summary>
internal sealed class DicomElement(uint tag, string vr, ReadOnlyMemory<byte> value, bool bigEndian)
{
    public uint Tag { get; } = tag;

    /// <summary>Two letters; UN where an implicit data set does not say.</summary>
    public string Vr { get; } = vr;

    public ReadOnlyMemory<byte> Value { get; } = value;

    public bool BigEndian { get; } = bigEndian;

    /// <summary>Of a sequence.</summary>
    public IReadOnlyList<DicomDataset>? Items { get; init; }

    /// <summary>Of encapsulated pixel data: the offset table first, as it stands.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Fragments { get; init; }

    public string Name => NameOf(Tag);

    /// <summary>Texts between backslashes, trimmed.</summary>
    public string[] Texts => [.. Encoding.Latin1.GetString(Value.Span).Split('\\').Select(t => t.Trim(' ', '\0'))];

    /// <summary>Numbers: of text (DS, IS), or binary by the representation; null where one is none.</summary>
    public double[]? Numbers
    {
        get
        {
            var size = Vr switch { "US" or "SS" or "OW" => 2, "UL" or "SL" or "FL" => 4, "FD" => 8, _ => 0 };
            if (size == 0)
            {
                var texts = Texts;
                var parsed = new double[texts.Length];
                for (var i = 0; i < texts.Length; i++)
                {
                    if (!double.TryParse(texts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out parsed[i]) || !double.IsFinite(parsed[i]))
                    {
                        return null;
                    }
                }

                return parsed;
            }

            var bytes = Value.ToArray();
            if (BigEndian)
            {
                NumberTypes.Swap(bytes, size);
            }

            return [.. Enumerable.Range(0, bytes.Length / size).Select(i => Vr switch
            {
                "SS" => BitConverter.ToInt16(bytes, i * 2),
                "US" or "OW" => BitConverter.ToUInt16(bytes, i * 2),
                "SL" => BitConverter.ToInt32(bytes, i * 4),
                "UL" => BitConverter.ToUInt32(bytes, i * 4),
                "FL" => BitConverter.ToSingle(bytes, i * 4),
                _ => BitConverter.ToDouble(bytes, i * 8),
            })];
        }
    }

    public static string NameOf(uint tag) => string.Create(CultureInfo.InvariantCulture, $"({tag >> 16:X4},{tag & 0xFFFF:X4})");
}

/// <summary>Elements by tag, ascending.</summary>
internal sealed class DicomDataset
{
    private readonly SortedDictionary<uint, DicomElement> _elements = [];

    public IEnumerable<DicomElement> Elements => _elements.Values;

    public int Count => _elements.Count;

    public DicomElement? this[uint tag] => _elements.GetValueOrDefault(tag);

    public void Add(DicomElement element) => _elements[element.Tag] = element;

    /// <summary>The first text of an element; null where there is none, or it is empty.</summary>
    public string? Text(uint tag) => this[tag]?.Texts[0] is { Length: > 0 } text ? text : null;

    public double? Number(uint tag) => this[tag]?.Numbers is [var first, ..] ? first : null;

    public IReadOnlyList<DicomDataset> Items(uint tag) => this[tag]?.Items ?? [];
}
