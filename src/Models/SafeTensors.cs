using System.Buffers.Binary;
using Osteon.Abstractions;
using static TorchSharp.torch;

namespace Osteon.Models;

/// <summary>
/// Reads and writes the safetensors format, in which weights are exchanged with Python: 8 bytes of header length, a JSON
/// header, then the tensors' bytes. No code runs from such a file.
/// </summary>
/// <remarks>Format: https://huggingface.co/docs/safetensors. Types: F64, F32, F16, BF16, I64, I32, U8, BOOL.</remarks>
public static class SafeTensors
{
    /// <summary>Writes tensors in the order given; equal tensors give equal bytes. The file is whole or absent.</summary>
    /// <param name="path">The file; its folder is made.</param>
    /// <param name="tensors">Names and tensors, any device; not disposed.</param>
    /// <param name="metadata">Free text, sorted by key.</param>
    /// <exception cref="ArgumentException">A name comes twice.</exception>
    /// <exception cref="NotSupportedException">A tensor's type is none of the above.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var named = tensors.ToList();
        var names = new HashSet<string>();
        var entries = new List<TensorEntry>(named.Count);
        var end = 0L;
        foreach (var (name, tensor) in named)
        {
            if (!names.Add(name))
            {
                throw new ArgumentException($"Two tensors are named '{name}'.", nameof(tensors));
            }

            var begin = end;
            end += tensor.numel() * SafeTensorsHeader.SizeOf(tensor.dtype);
            entries.Add(new TensorEntry(name, tensor.dtype, tensor.shape, begin, end));
        }

        var header = new SafeTensorsHeader(entries, metadata ?? new Dictionary<string, string>()).ToBytes();
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var (_, tensor) in named)
            {
                using var scope = NewDisposeScope();
                stream.Write(tensor.detach().cpu().contiguous().bytes);
            }
        });
    }

    /// <summary>Reads all tensors, on the CPU; the caller, or its dispose scope, owns them.</summary>
    /// <exception cref="DataException">The file is missing, cut short, or no safetensors file.</exception>
    public static Dictionary<string, Tensor> Read(string path) => Read(path, out _);

    /// <summary>Reads all tensors, on the CPU, and the free text; the caller, or its dispose scope, owns the tensors.</summary>
    /// <exception cref="DataException">The file is missing, cut short, or no safetensors file.</exception>
    public static Dictionary<string, Tensor> Read(string path, out IReadOnlyDictionary<string, string> metadata)
    {
        using var stream = Open(path);
        var header = ReadHeader(path, stream);
        metadata = header.Metadata;
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>(header.Entries.Count);
        foreach (var entry in header.Entries)
        {
            var tensor = empty(entry.Shape, dtype: entry.Type);
            stream.ReadExactly(tensor.bytes);
            tensors.Add(entry.Name, tensor);
        }

        foreach (var tensor in tensors.Values)
        {
            tensor.MoveToOuterDisposeScope();
        }

        return tensors;
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"cannot be opened: {e.Message}", e);
        }
    }

    private static SafeTensorsHeader ReadHeader(string path, FileStream stream)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (stream.Length < prefix.Length)
        {
            throw new DataException(path, $"is no safetensors file: it has {stream.Length} bytes.");
        }

        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        var left = stream.Length - prefix.Length;
        if (length > SafeTensorsHeader.MaxBytes || length > (ulong)left)
        {
            throw new DataException(path, $"is no safetensors file, or is cut short: its header claims {length} bytes, {left} follow, and {SafeTensorsHeader.MaxBytes} are allowed.");
        }

        var json = new byte[length];
        stream.ReadExactly(json);
        return SafeTensorsHeader.Parse(path, json, left - json.Length);
    }
}
