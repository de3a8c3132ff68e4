using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Osteon.Abstractions;

namespace Osteon.Models;

/// <summary>
/// Reads PyTorch checkpoints (.pth, .pt, .bin) without running them: a pickle is a program, of which only what torch writes
/// for dictionaries, numbers, text and tensors is understood. Everything else is refused, with the reason.
/// </summary>
/// <remarks>
/// Both formats of torch.save: the zip file (torch 1.6 and newer) and the sequence of pickles before it. Types: floats of 16 to
/// 64 bits, bfloat16, integers of 8 to 64 bits, bool and complex. Whole modules, TorchScript, NumPy values, big-endian and
/// tar files are refused.
/// </remarks>
public static class PthFile
{
    private const int LongestKey = 32;
    private const int TarMarkAt = 257;
    private static readonly BigInteger s_magic = BigInteger.Parse("01950a86a20f9469cfc6c", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);

    private static ReadOnlySpan<byte> TarMark => "ustar"u8;

    /// <summary>Reads what a checkpoint describes, not yet its tensors' elements.</summary>
    /// <param name="path">The file; its ending does not matter.</param>
    /// <exception cref="DataException">The file is missing, cut short, no checkpoint, or holds what is not allowed; the message names the opcode or the global, and the byte.</exception>
    public static PthContents Read(string path)
    {
        using var file = Open(path);
        return IsZip(path, file) ? ReadZip(path, file) : ReadSequence(path, file);
    }

    internal static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Whether the file begins as a checkpoint of either format does, rather than as a safetensors file.</summary>
    internal static bool Claims(string path)
    {
        using var file = Open(path);
        // The JSON of a safetensors file begins at byte 8, behind a length whose bytes may look like anything.
        Span<byte> head = stackalloc byte[9];
        return RandomAccess.Read(file, head, 0) == head.Length && head[8] != '{' && (head is [0x80, >= 2 and <= 5, ..] || IsZip(path, file) || IsTar(file));
    }

    private static bool IsZip(string path, SafeFileHandle file)
    {
        Span<byte> head = stackalloc byte[4];
        if (RandomAccess.Read(file, head, 0) < head.Length)
        {
            throw new DataException(path, "is no checkpoint: it has less than 4 bytes.");
        }

        return head.SequenceEqual("PK\u0003\u0004"u8);
    }

    private static bool IsTar(SafeFileHandle file)
    {
        Span<byte> mark = stackalloc byte[TarMark.Length];
        return RandomAccess.Read(file, mark, TarMarkAt) == mark.Length && mark.SequenceEqual(TarMark);
    }

    private static PthContents ReadZip(string path, SafeFileHandle file)
    {
        var entries = ZipDirectory.Read(path, file);
        var pickles = entries.Keys.Where(name => name.EndsWith("/data.pkl", StringComparison.Ordinal)).ToList();
        if (pickles is not [var pickle])
        {
            throw new DataException(path, $"is no checkpoint: {pickles.Count} of its {entries.Count} entries are named data.pkl; torch.save writes one.");
        }

        var archive = pickle[..^"data.pkl".Length];
        if (entries.ContainsKey(archive + "constants.pkl"))
        {
            throw new DataException(path, "is a TorchScript program, which holds code. Save the weights alone: torch.save(model.state_dict(), path).");
        }

        if (entries.TryGetValue(archive + "byteorder", out var order) && (order.Length != 6 || Text(path, file, order) != "little"))
        {
            throw new DataException(path, "was written in big-endian order, or does not say 'little' in its byteorder; save it again on another machine.");
        }

        var (begin, length) = entries[pickle];
        var root = Unpickler.Read(new PickleBytes(path, file, begin, begin + length));
        var data = archive + "data/";
        var places = entries.Where(entry => entry.Key.StartsWith(data, StringComparison.Ordinal)).ToDictionary(entry => entry.Key[data.Length..], entry => entry.Value);
        return new PthContents(path, root, new Storages(path, places));
    }

    private static PthContents ReadSequence(string path, SafeFileHandle file)
    {
        var end = RandomAccess.GetLength(file);
        var bytes = new PickleBytes(path, file, 0, end);
        if (bytes.Byte() != 0x80)
        {
            if (IsTar(file))
            {
                throw new DataException(path, "is a tar file of torch before 0.1.10; load it with an old torch and save it again with a newer one.");
            }

            throw new DataException(path, "is no checkpoint: it begins neither as a zip file nor as a pickle.");
        }

        bytes = new PickleBytes(path, file, 0, end);
        if (Unpickler.Read(bytes) is not BigInteger magic || magic != s_magic)
        {
            throw new DataException(path, "is no checkpoint of torch: its first pickle is not torch's magic number.");
        }

        if (Unpickler.Read(bytes) is not 1001L)
        {
            throw new DataException(path, "is a checkpoint of a protocol other than 1001; load and save it with a newer torch.");
        }

        if (Unpickler.Read(bytes) is not PickleDictionary system || !system.TryGet("little_endian", out var little) || little is not true)
        {
            throw new DataException(path, "was written in big-endian order; save it again on another machine.");
        }

        var storages = new Dictionary<string, StorageReference>();
        var root = Unpickler.Read(bytes, storages);
        if (Unpickler.Read(bytes) is not PickleList { Items: var keys } || !keys.All(key => key is string))
        {
            throw new DataException(path, "is damaged: after its object no list of storages follows.");
        }

        return new PthContents(path, root, new Storages(path, Places(path, file, bytes.Position, end, keys.Cast<string>(), storages)));
    }

    // Behind the pickles each storage has its count of elements, in 8 bytes, and then the elements.
    private static Dictionary<string, (long Begin, long Length)> Places(string path, SafeFileHandle file, long at, long end, IEnumerable<string> keys, Dictionary<string, StorageReference> storages)
    {
        var places = new Dictionary<string, (long Begin, long Length)>();
        var count = new byte[sizeof(long)];
        foreach (var key in keys)
        {
            Storages.ReadExactly(path, file, count, at);
            at += count.Length;
            if (!storages.TryGetValue(key, out var storage) || BinaryPrimitives.ReadInt64LittleEndian(count) != storage.Length)
            {
                throw new DataException(path, $"storage '{key}' has {BinaryPrimitives.ReadInt64LittleEndian(count)} elements at byte {at}, {(storage is null ? "but no tensor names it" : $"its tensors expect {storage.Length}")}.");
            }

            var bytes = storage.Length * ElementTypes.SizeOf(storage.Type);
            if (bytes > end - at || !places.TryAdd(key, (at, bytes)))
            {
                throw new DataException(path, $"storage '{key}' of {bytes} bytes at byte {at} comes twice or leaves the file, which ends at {end}; it may be cut short. Copy it again.");
            }

            at += bytes;
        }

        return places;
    }

    private static string Text(string path, SafeFileHandle file, (long Begin, long Length) entry)
    {
        var bytes = new byte[Math.Min(entry.Length, LongestKey)];
        Storages.ReadExactly(path, file, bytes, entry.Begin);
        return Encoding.Latin1.GetString(bytes);
    }
}
