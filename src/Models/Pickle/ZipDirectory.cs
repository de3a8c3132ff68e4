using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Osteon.Abstractions;

namespace Osteon.Models;

/// <summary>Where a zip file's entries lie, for files that torch writes: stored, neither packed nor encrypted.</summary>
/// <remarks>
/// Format: PKWARE APPNOTE 6.3.9, sections 4.3 and 4.5.3. Entries lie inside the file, before the directory, and do not
/// overlap, so that what they hold together is no more than the file. Their names are looked up, never used as paths.
/// Checksums are not compared, as torch may write none.
/// </remarks>
internal static class ZipDirectory
{
    private const int EndBytes = 22, LongestComment = 65535, Locator64Bytes = 20, End64Bytes = 56, EntryBytes = 46, LocalBytes = 30;
    private const int MostDirectoryBytes = 64 << 20;
    private const uint LocalSignature = 0x04034b50, EntrySignature = 0x02014b50, EndSignature = 0x06054b50, Locator64Signature = 0x07064b50, End64Signature = 0x06064b50;

    /// <summary>The first byte and the length of each entry, by its name.</summary>
    /// <exception cref="DataException">The directory is damaged, or an entry is packed, encrypted, named twice or out of place.</exception>
    public static Dictionary<string, (long Begin, long Length)> Read(string path, SafeFileHandle file)
    {
        var (begin, bytes) = Locate(path, file);
        var directory = ReadAt(path, file, begin, bytes);
        var entries = new Dictionary<string, (long Begin, long Length)>();
        var taken = new List<(long Begin, long End, string Name)>();
        for (var at = 0; at < directory.Length;)
        {
            var left = directory.AsSpan(at);
            if (left.Length < EntryBytes || U32(left) != EntrySignature)
            {
                throw Damaged(path, $"its directory has no entry at byte {begin + at}");
            }

            var (nameBytes, extraBytes, commentBytes) = (U16(left[28..]), U16(left[30..]), U16(left[32..]));
            var whole = EntryBytes + nameBytes + extraBytes + commentBytes;
            if (whole > left.Length)
            {
                throw Damaged(path, $"the directory's entry at byte {begin + at} leaves the directory");
            }

            var name = Encoding.UTF8.GetString(left.Slice(EntryBytes, nameBytes));
            if ((U16(left[8..]) & 1) != 0 || U16(left[10..]) != 0)
            {
                throw new DataException(path, $"its entry '{name}' is packed or encrypted; torch.save stores entries as they are. A TorchScript program packs its code: save the weights alone with torch.save(model.state_dict(), path).");
            }

            var (packed, length, local) = Sizes(path, name, left, nameBytes, extraBytes);
            var data = packed == length ? LocalEnd(path, file, name, local, begin) : -1;
            if (data < 0 || length < 0 || length > begin - data)
            {
                throw Damaged(path, $"its entry '{name}' of {length} bytes does not lie before the directory at byte {begin}");
            }

            if (!entries.TryAdd(name, (data, length)))
            {
                throw Damaged(path, $"two entries are named '{name}'");
            }

            taken.Add((local, data + length, name));
            at += whole;
        }

        taken.Sort();
        for (var i = 1; i < taken.Count; i++)
        {
            if (taken[i].Begin < taken[i - 1].End)
            {
                throw Damaged(path, $"its entries '{taken[i - 1].Name}' and '{taken[i].Name}' overlap");
            }
        }

        return entries;
    }

    private static (long Begin, int Bytes) Locate(string path, SafeFileHandle file)
    {
        var fileBytes = RandomAccess.GetLength(file);
        var tailBytes = (int)Math.Min(fileBytes, EndBytes + LongestComment + Locator64Bytes);
        var tail = ReadAt(path, file, fileBytes - tailBytes, tailBytes);
        for (var at = tailBytes - EndBytes; at >= 0; at--)
        {
            var end = tail.AsSpan(at);
            if (U32(end) != EndSignature || U16(end[20..]) != end.Length - EndBytes)
            {
                continue;
            }

            long bytes = U32(end[12..]), begin = U32(end[16..]);
            if (at >= Locator64Bytes && U32(tail.AsSpan(at - Locator64Bytes)) == Locator64Signature)
            {
                var end64 = ReadAt(path, file, I64(tail.AsSpan(at - Locator64Bytes + 8)), End64Bytes);
                if (U32(end64) != End64Signature)
                {
                    throw Damaged(path, "its zip64 end record is not where it should be");
                }

                (bytes, begin) = (I64(end64.AsSpan(40)), I64(end64.AsSpan(48)));
            }

            return begin >= 0 && bytes is >= 0 and <= MostDirectoryBytes && begin <= fileBytes - bytes
                ? (begin, (int)bytes)
                : throw Damaged(path, $"its directory claims {bytes} bytes from byte {begin}; the file has {fileBytes}, and {MostDirectoryBytes} are allowed");
        }

        throw new DataException(path, "is a zip file without a directory: it is cut short. Copy it again.");
    }

    // Sizes and place; where they do not fit 32 bits they stand in the zip64 extra field, in this order.
    private static (long Packed, long Length, long Local) Sizes(string path, string name, ReadOnlySpan<byte> entry, int nameBytes, int extraBytes)
    {
        long packed = U32(entry[20..]), length = U32(entry[24..]), local = U32(entry[42..]);
        if (packed != uint.MaxValue && length != uint.MaxValue && local != uint.MaxValue)
        {
            return (packed, length, local);
        }

        for (var extra = entry.Slice(EntryBytes + nameBytes, extraBytes); extra.Length >= 4;)
        {
            var bytes = U16(extra[2..]);
            if (bytes > extra.Length - 4)
            {
                break;
            }

            var field = extra.Slice(4, bytes);
            if (U16(extra) == 1 && field.Length >= 8 * ((length == uint.MaxValue ? 1 : 0) + (packed == uint.MaxValue ? 1 : 0) + (local == uint.MaxValue ? 1 : 0)))
            {
                length = Take(ref field, length);
                packed = Take(ref field, packed);
                return (packed, length, Take(ref field, local));
            }

            extra = extra[(4 + bytes)..];
        }

        throw Damaged(path, $"its entry '{name}' has no sizes");

        static long Take(ref ReadOnlySpan<byte> field, long value)
        {
            if (value != uint.MaxValue)
            {
                return value;
            }

            value = I64(field);
            field = field[8..];
            return value;
        }
    }

    private static long LocalEnd(string path, SafeFileHandle file, string name, long at, long directory)
    {
        if (at < 0 || at > directory - LocalBytes)
        {
            throw Damaged(path, $"its entry '{name}' claims to begin at byte {at}");
        }

        var header = ReadAt(path, file, at, LocalBytes);
        return U32(header) == LocalSignature
            ? at + LocalBytes + U16(header.AsSpan(26)) + U16(header.AsSpan(28))
            : throw Damaged(path, $"its entry '{name}' does not begin at byte {at}");
    }

    private static byte[] ReadAt(string path, SafeFileHandle file, long at, int count)
    {
        var bytes = new byte[count];
        Storages.ReadExactly(path, file, bytes, at);
        return bytes;
    }

    private static int U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static long I64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes);

    private static DataException Damaged(string path, string what) => new(path, $"is a damaged zip file: {what}. Copy it again.");
}
