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
/// <param name="Entries">In the order of their bytes.</param>
/// <param name="Metadata">Free text by key.</param>
internal sealed record SafeTensorsHeader(IReadOnlyList<TensorEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The reference's own bound.</summary>
    public const int MaxBytes = 100_000_000;

    private const string MetadataKey = "__metadata__";

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

            entries.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
            var end = 0L;
            foreach (var entry in entries)
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

    /// <summary>Bytes an element of a type the format and the library share.</summary>
    public static int SizeOf(ScalarType type) => type switch
    {
        ScalarType.Float64 or ScalarType.Int64 => 8,
        ScalarType.Float32 or ScalarType.Int32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 => 2,
        _ => 1,
    };

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
            "U8" => ScalarType.Byte,
            "BOOL" => ScalarType.Bool,
            _ => throw new DataException(path, $"tensor '{name}' has type {dtype}; F64, F32, F16, BF16, I64, I32, U8 and BOOL can be read."),
        };
        var shape = property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var offsets = property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        return offsets is [>= 0, _] && BytesOf(shape, SizeOf(type)) is { } bytes && offsets[1] - offsets[0] == bytes
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
