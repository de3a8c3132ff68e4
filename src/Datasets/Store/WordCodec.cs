using System.Runtime.InteropServices;
using Osteon.Masks;

namespace Osteon.Datasets;

/// <summary>
/// Label words as runs of one word: a table of the words that occur, in the order they are met, then for each run its length and its
/// word's place in the table. Numbers are LEB128, words little-endian. Filling runs is no slower than copying the words would be.
/// </summary>
internal static class WordCodec
{
    /// <summary>The coded words, or null where they would be no shorter than they are.</summary>
    public static byte[]? Encode(LabelMap labels) => labels.WordBytes switch
    {
        1 => Encode<byte>(labels),
        2 => Encode<ushort>(labels),
        4 => Encode<uint>(labels),
        _ => Encode<ulong>(labels),
    };

    /// <summary>Undoes <see cref="Encode(LabelMap)"/>; false when the bytes are not such a map. Words may then be written in part.</summary>
    public static bool Decode(ReadOnlySpan<byte> coded, LabelMap labels) => labels.WordBytes switch
    {
        1 => Decode<byte>(coded, labels),
        2 => Decode<ushort>(coded, labels),
        4 => Decode<uint>(coded, labels),
        _ => Decode<ulong>(coded, labels),
    };

    private static byte[]? Encode<T>(LabelMap labels) where T : unmanaged, IEquatable<T>
    {
        ReadOnlySpan<T> words = MemoryMarshal.Cast<byte, T>(labels.Bytes);
        var places = new Dictionary<T, int>();
        var runs = new List<byte>(1 << 14);
        while (!words.IsEmpty)
        {
            var length = words.IndexOfAnyExcept(words[0]);
            length = length < 0 ? words.Length : length;
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, words[0], out var known);
            place = known ? place : places.Count - 1;
            Leb128.Append(runs, length);
            Leb128.Append(runs, place);
            words = words[length..];
            if (runs.Count >= labels.Bytes.Length)
            {
                return null;
            }
        }

        var table = new T[places.Count];
        foreach (var (word, place) in places)
        {
            table[place] = word;
        }

        var head = new List<byte>(8);
        Leb128.Append(head, table.Length);
        byte[] coded = [.. head, .. MemoryMarshal.AsBytes<T>(table), .. runs];
        return coded.Length < labels.Bytes.Length ? coded : null;
    }

    private static bool Decode<T>(ReadOnlySpan<byte> coded, LabelMap labels) where T : unmanaged
    {
        var words = MemoryMarshal.Cast<byte, T>(labels.Bytes);
        if (!Leb128.Next(ref coded, out var count) || count > coded.Length / Marshal.SizeOf<T>())
        {
            return false;
        }

        var table = MemoryMarshal.Cast<byte, T>(coded[..(count * Marshal.SizeOf<T>())]);
        coded = coded[(count * Marshal.SizeOf<T>())..];
        while (!words.IsEmpty)
        {
            if (!Leb128.Next(ref coded, out var length) || !Leb128.Next(ref coded, out var place) || length == 0 || length > words.Length || place >= count)
            {
                return false;
            }

            words[..length].Fill(table[place]);
            words = words[length..];
        }

        return coded.IsEmpty;
    }
}
