using System.Buffers;
using System.Text.Json;
using Osteon.Abstractions;
using static TorchSharp.torch;

namespace Osteon.Models;

/// <summary>One tensor's place in a safetensors file.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Sizes; empty for a scalar.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">First byte after it.</param>
internal sealed record TensorEntry(string Name, ScalarType Type, long[] Shape, long Begin, long End);

/// <summary>The JSON at the head of a safetensors file.</summary>
/// <param name="Entries">In the order of the header.</param>
/// <param name="Metadata">Free text by key.</param>
internal sealed record SafeTensorsHeader(IReadOnlyList<TensorEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The reference's own bound.</summary>
    public const int MaxBytes = 100_000_000;

    private const string MetadataKey = "__metadata__";
    private const int MostAxes = 64;

    /// <summary>Reads and checks a header: every byte of the data belongs to exactly one tensor, whose size fits its shape.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="json">The header's bytes.</param>
    /// <param name="dataBytes">Bytes that follow the header.</param>
    /// <exception cref="DataException">The header breaks one of these rules, or is no JSON.</exception>
    public static SafeTensorsHeader Parse(string path, ReadOnlyMemory<byte> json, long dataBytes)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            var metadata = new Dictionary<string, string>();
            var entries = new List<TensorEntry>();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name == MetadataKey)
                {
                    foreach (var text in property.Value.EnumerateObject())
                    {
                        metadata.Add(text.Name, text.Value.GetString() ?? string.Empty);
                    }
                }
                else
                {
                    entries.Add(ParseEntry(path, property));
                }
            }

            var end = 0L;
            foreach (var entry in entries.OrderBy(entry => (entry.Begin, entry.End)))
            {
                if (entry.Begin != end)
                {
                    throw new DataException(path, $"tensor '{entry.Name}' begins at byte {entry.Begin} of the data, the one before ends at {end}; they must follow each other without gap or overlap.");
                }

                end = entry.End;
            }

            return end == dataBytes
                ? new SafeTensorsHeader(entries, metadata)
                : throw new DataException(path, $"the header describes {end} bytes of tensors, the file holds {dataBytes}; it may be cut short. Copy it again.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new DataException(path, $"is no safetensors file: its header cannot be read ({e.Message})", e);
        }
    }

    /// <summary>The header's bytes, padded with blanks so that the data begins at a multiple of 8.</summary>
    public byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (Metadata.Count > 0)
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, value) in Metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            foreach (var entry in Entries)
            {
                json.WriteStartObject(entry.Name);
                json.WriteString("dtype", NameOf(entry.Type));
                json.WriteStartArray("shape");
                Array.ForEach(entry.Shape, json.WriteNumberValue);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(entry.Begin);
                json.WriteNumberValue(entry.End);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        var bytes = new byte[(buffer.WrittenCount + 7) / 8 * 8];
        bytes.AsSpan().Fill((byte)' ');
        buffer.WrittenSpan.CopyTo(bytes);
        return bytes;
    }

    /// <summary>Places tensors behind each other, those of wider elements first, so that each begins at a multiple of its element's size.</summary>
    /// <param name="tensors">Names, types and shapes, in the order of the header.</param>
    /// <param name="metadata">Free text by key.</param>
    /// <exception cref="ArgumentException">A name comes twice.</exception>
    /// <exception cref="NotSupportedException">A type is none of the format's.</exception>
    public static SafeTensorsHeader Of(IReadOnlyList<(string Name, ScalarType Type, long[] Shape)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var end = 0L;
        var entries = new TensorEntry[tensors.Count];
        var names = new HashSet<string>();
        foreach (var i in Enumerable.Range(0, entries.Length).OrderByDescending(i => ElementTypes.SizeOf(tensors[i].Type)))
        {
            var (name, type, shape) = tensors[i];
            if (!names.Add(name) || name == MetadataKey)
            {
                throw new ArgumentException($"Two tensors are named '{name}', or it is the format's own name.", nameof(tensors));
            }

            _ = NameOf(type);
            var begin = end;
            end = checked(begin + shape.Aggregate((long)ElementTypes.SizeOf(type), (bytes, size) => checked(bytes * size)));
            entries[i] = new TensorEntry(name, type, shape, begin, end);
        }

        return new SafeTensorsHeader(entries, metadata);
    }

    /// <summary>The format's name of a type.</summary>
    /// <exception cref="NotSupportedException">The format, or this reader, does not know the type.</exception>
    public static string NameOf(ScalarType type) => type switch
    {
        ScalarType.Float64 => "F64",
        ScalarType.Float32 => "F32",
        ScalarType.Float16 => "F16",
        ScalarType.BFloat16 => "BF16",
        ScalarType.Int64 => "I64",
        ScalarType.Int32 => "I32",
        ScalarType.Int16 => "I16",
        ScalarType.Int8 => "I8",
        ScalarType.Byte => "U8",
        ScalarType.Bool => "BOOL",
        _ => throw new NotSupportedException($"Tensors of {type} cannot be written to a safetensors file."),
    };

    private static TensorEntry ParseEntry(string path, JsonProperty property)
    {
        var name = property.Name;
        var dtype = property.Value.GetProperty("dtype").GetString();
        var type = dtype switch
        {
            "F64" => ScalarType.Float64,
            "F32" => ScalarType.Float32,
            "F16" => ScalarType.Float16,
            "BF16" => ScalarType.BFloat16,
            "I64" => ScalarType.Int64,
            "I32" => ScalarType.Int32,
            "I16" => ScalarType.Int16,
            "I8" => ScalarType.Int8,
            "U8" => ScalarType.Byte,
            "BOOL" => ScalarType.Bool,
            _ => throw new DataException(path, $"tensor '{name}' has type {dtype}; F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL can be read."),
        };
        var shape = property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var offsets = property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        if (shape.Length > MostAxes)
        {
            throw new DataException(path, $"tensor '{name}' has {shape.Length} axes; {MostAxes} are allowed.");
        }

        return offsets is [>= 0, _] && BytesOf(shape, ElementTypes.SizeOf(type)) is { } bytes && offsets[1] - offsets[0] == bytes
            ? new TensorEntry(name, type, shape, offsets[0], offsets[1])
            : throw new DataException(path, $"tensor '{name}' of {dtype} [{string.Join(", ", shape)}] does not fit its data_offsets [{string.Join(", ", offsets)}].");
    }

    // Null where a size is negative or the product leaves 63 bits.
    private static long? BytesOf(long[] shape, int elementBytes)
    {
        Int128 bytes = elementBytes;
        foreach (var size in shape)
        {
            bytes *= size;
            if (size < 0 || bytes > long.MaxValue)
            {
                return null;
            }
        }

        return (long)bytes;
    }
}
