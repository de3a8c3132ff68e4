using System.Buffers.Binary;
using System.Text;
using Osteon.Abstractions;

namespace Osteon.Fuzz.Tests;

/// <summary>Damage that files meet on their way, or that somebody does on purpose; a function of the stream alone.</summary>
internal static class Mutation
{
    private static readonly uint[] Telling = [0, 1, 2, 3, 7, 8, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x00FFFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF];
    private static readonly string[] Numbers = ["0", "-1", "1e308", "1e999", "NaN", "2147483648", "99999999999999999999", "0.5", "\"x\"", "null", "[]", "{}", "", "\\ud800", "(", "'"];

    /// <summary>A damaged copy, by one to four strokes.</summary>
    public static byte[] Of(byte[] seed, ref RandomStream random)
    {
        var bytes = new List<byte>(seed);
        for (var strokes = 1 + random.NextInt(4); strokes > 0 && bytes.Count > 0; strokes--)
        {
            Stroke(bytes, ref random);
        }

        return [.. bytes];
    }

    private static void Stroke(List<byte> bytes, ref RandomStream random)
    {
        // Headers stand at the beginning, and decide most.
        var at = random.NextInt(2) == 0 ? random.NextInt(bytes.Count) : random.NextInt(Math.Min(bytes.Count, 512));
        var length = Math.Min(bytes.Count - at, 1 + random.NextInt(1 << (1 + random.NextInt(10))));
        switch (random.NextInt(9))
        {
            case 0:                                                 // a flipped bit
                bytes[at] ^= (byte)(1 << random.NextInt(8));
                break;
            case 1:                                                 // noise
                for (var i = at; i < at + Math.Min(length, 16); i++)
                {
                    bytes[i] = (byte)random.NextUInt64();
                }

                break;
            case 2:                                                 // a transfer that broke off
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:                                                 // a block twice
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 5:
                Swap(bytes, at, random.NextInt(bytes.Count), length);
                break;
            case 6:
            case 7:                                                 // a length or a count that tells another story
                Number(bytes, at, ref random);
                break;
            default:
                Text(bytes, at, ref random);
                break;
        }
    }

    private static void Swap(List<byte> bytes, int one, int other, int length)
    {
        for (var i = 0; i < length && one + i < bytes.Count && other + i < bytes.Count; i++)
        {
            (bytes[one + i], bytes[other + i]) = (bytes[other + i], bytes[one + i]);
        }
    }

    private static void Number(List<byte> bytes, int at, ref RandomStream random)
    {
        Span<byte> word = stackalloc byte[8];
        var value = random.NextInt(4) == 0 ? (uint)bytes.Count + (uint)random.NextInt(9) - 4 : Telling[random.NextInt(Telling.Length)];
        var size = 1 << random.NextInt(4);
        if (random.NextInt(2) == 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, value == uint.MaxValue ? ulong.MaxValue : value);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(word, (ulong)value << (64 - (8 * size)));
        }

        for (var i = 0; i < size && at + i < bytes.Count; i++)
        {
            bytes[at + i] = word[i];
        }
    }

    /// <summary>A number that stands in the text near a place becomes another.</summary>
    private static void Text(List<byte> bytes, int at, ref RandomStream random)
    {
        var begin = bytes.FindIndex(at, b => char.IsAsciiDigit((char)b));
        if (begin < 0)
        {
            return;
        }

        var end = begin;
        while (end < bytes.Count && char.IsAsciiDigit((char)bytes[end]))
        {
            end++;
        }

        bytes.RemoveRange(begin, end - begin);
        bytes.InsertRange(begin, Encoding.UTF8.GetBytes(Numbers[random.NextInt(Numbers.Length)]));
    }
}
