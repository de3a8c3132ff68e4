using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Osteon.Abstractions;
using static TorchSharp.torch;

namespace Osteon.Models;

/// <summary>
/// Reads and writes the safetensors format, in which weights are exchanged with Python: 8 bytes of header length, a JSON
/// header, then the tensors' bytes. No code runs from such a file.
/// </summary>
/// <remarks>Format: https://huggingface.co/docs/safetensors. Types: F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL.</remarks>
public static class SafeTensors
{
    private const int PrefixBytes = 8;

    /// <summary>Writes tensors; equal tensors in equal order give equal bytes. The file is whole or absent.</summary>
    /// <param name="path">The file; its folder is made.</param>
    /// <param name="tensors">Names and tensors, any device; not disposed. The header has them in this order, the bytes those of wide elements first.</param>
    /// <param name="metadata">Free text, sorted by key.</param>
    /// <exception cref="ArgumentException">A name comes twice.</exception>
    /// <exception cref="NotSupportedException">A tensor's type is none of the above.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var named = tensors.ToList();
        var header = SafeTensorsHeader.Of([.. named.Select(t => (t.Key, t.Value.dtype, t.Value.shape))], metadata ?? new Dictionary<string, string>());
        var json = header.ToBytes();
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[PrefixBytes];
            BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
            stream.Write(length);
            stream.Write(json);
            foreach (var i in Enumerable.Range(0, named.Count).OrderBy(i => (header.Entries[i].Begin, header.Entries[i].End)))
            {
                using var scope = NewDisposeScope();
                foreach (var block in TensorFile.Blocks(named[i].Value.detach().cpu().contiguous()))
                {
                    stream.Write(block.bytes);
                }
            }
        });
    }

    /// <summary>Reads all tensors; see <see cref="Read(string, out IReadOnlyDictionary{string, string})"/>.</summary>
    /// <exception cref="DataException">The file is missing, cut short, or no safetensors file.</exception>
    public static Dictionary<string, Tensor> Read(string path) => Read(path, out _);

    /// <summary>Reads all tensors, on the CPU, and the free text; the caller, or its dispose scope, owns the tensors.</summary>
    /// <returns>In the order of the header. Writing to a tensor never changes the file.</returns>
    /// <exception cref="DataException">The file is missing, cut short, or no safetensors file.</exception>
    /// <remarks>
    /// Files of 1 MiB and more on a disk of this machine are mapped rather than copied: reading costs nothing until a tensor is used.
    /// Such a file may be replaced by renaming or deleted while its tensors live, but not shortened in place, which would end the
    /// process (SIGBUS). Smaller files, and those on a network's file system, are copied.
    /// </remarks>
    public static Dictionary<string, Tensor> Read(string path, out IReadOnlyDictionary<string, string> metadata)
    {
        using var handle = PthFile.Open(path);
        var (header, begin) = ReadHeader(path, handle);
        metadata = header.Metadata;
        using var file = new TensorFile(path, handle);
        using var scope = NewDisposeScope();
        var tensors = header.Entries.ToDictionary(entry => entry.Name, entry => file.Tensor(entry.Name, begin + entry.Begin, entry.Type, entry.Shape));
        foreach (var tensor in tensors.Values)
        {
            tensor.MoveToOuterDisposeScope();
        }

        return tensors;
    }

    private static (SafeTensorsHeader Header, long Begin) ReadHeader(string path, SafeFileHandle file)
    {
        var bytes = RandomAccess.GetLength(file);
        if (bytes < PrefixBytes)
        {
            throw new DataException(path, $"is no safetensors file: it has {bytes} bytes.");
        }

        Span<byte> prefix = stackalloc byte[PrefixBytes];
        Storages.ReadExactly(path, file, prefix, 0);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        var left = bytes - PrefixBytes;
        if (length > SafeTensorsHeader.MaxBytes || length > (ulong)left)
        {
            throw new DataException(path, $"is no safetensors file, or is cut short: its header claims {length} bytes, {left} follow, and {SafeTensorsHeader.MaxBytes} are allowed.");
        }

        var json = new byte[length];
        Storages.ReadExactly(path, file, json, PrefixBytes);
        return (SafeTensorsHeader.Parse(path, json, left - json.Length), PrefixBytes + json.Length);
    }
}
