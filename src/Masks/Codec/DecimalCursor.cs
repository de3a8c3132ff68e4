using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Osteon.Masks;

/// <summary>Reads unsigned decimals parted by spaces; the plain case costs three multiplications a number and no branch on its length.</summary>
/// <param name="first">The text, ASCII.</param>
/// <param name="length">Its bytes.</param>
/// <param name="readable">Bytes that may be read from <paramref name="first"/>, at least <paramref name="length"/>; what follows the text begins with neither a digit nor a space.</param>
internal unsafe ref struct DecimalCursor(byte* first, int length, long readable)
{
    private readonly byte* _first = first;
    private readonly byte* _end = first + length;

    /// <summary>The first place where 24 bytes may no longer be read; null when they never may.</summary>
    private readonly byte* _wide = readable < 24 ? null : first + readable - 23;
    private byte* _at = first;

    /// <summary>Bytes behind the cursor.</summary>
    public readonly long Offset => _at - _first;

    /// <summary>
    /// The next two numbers when each has at most eight digits and both, parted by one space, end within 16 bytes; otherwise
    /// false, and nothing is read. Both ends come out of one comparison, so the next pair waits for little.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPair(out int first, out int second)
    {
        if (_at < _wide && BitConverter.IsLittleEndian)
        {
            var bytes = Vector128.Load(_at);
            var ends = Vector128.GreaterThan(bytes - Vector128.Create((byte)'0'), Vector128.Create((byte)9)).ExtractMostSignificantBits();
            var spaces = Vector128.Equals(bytes, Vector128.Create((byte)' ')).ExtractMostSignificantBits();
            var end = BitOperations.TrailingZeroCount(ends);
            var after = BitOperations.TrailingZeroCount(ends & (ends - 1));
            var length = after - end - 1;

            // An end that is not there counts as 32, which makes one of the lengths too large.
            if ((uint)(end - 1) < 8 && (uint)(length - 1) < 8 && ((spaces >> end) & 1) != 0)
            {
                first = Eight(_at, end);
                second = Eight(_at + end + 1, length);
                _at += after + 1;
                if (((spaces >> after) & 1) == 0)
                {
                    _at--;
                }

                return true;
            }
        }

        first = second = 0;
        return false;
    }

    /// <summary>The next number; false at the end.</summary>
    /// <exception cref="MaskFormatException">Something other than a digit or a space, or a number above 2³¹−1.</exception>
    public bool TryNext(out int number)
    {
        var careful = Read(_first, _at, _end);
        _at = careful.Next;
        number = careful.Number;
        return number >= 0;
    }

    /// <summary>One to eight digits by halves: neighbours, pairs, then fours are joined in all places at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Eight(byte* at, int digits)
    {
        // Bytes behind the number are shifted out, zeros come in before it. '0'–'9' keep their value in the low four bits.
        var value = (Unsafe.ReadUnaligned<ulong>(at) << (64 - (8 * digits))) & 0x0F0F0F0F0F0F0F0F;
        value = (value * 10) + (value >> 8);
        return (int)((((value & 0x000000FF000000FF) * 0x000F424000000064) + (((value >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >> 32);
    }

    /// <summary>The number at a place, or −1 at the end. Static, so that the cursor can live in registers.</summary>
    private static Careful Read(byte* first, byte* at, byte* end)
    {
        while (at < end && *at == (byte)' ')
        {
            at++;
        }

        if (at == end)
        {
            return new Careful(at, -1);
        }

        var value = 0L;
        var start = at;
        for (; at < end && (uint)(*at - '0') <= 9; at++)
        {
            value = (value * 10) + (*at - '0');
            if (value > int.MaxValue)
            {
                throw new MaskFormatException("the number is above 2147483647, the most pixels a frame may have", start - first);
            }
        }

        if (at < end && (at == start || *at != (byte)' '))
        {
            var shown = *at is > 32 and < 127 ? $"'{(char)*at}'" : $"byte 0x{*at:X2}";
            throw new MaskFormatException($"{shown} is neither a digit nor a space", at - first);
        }

        return new Careful(at, (int)value);
    }

    private readonly struct Careful(byte* next, int number)
    {
        public byte* Next { get; } = next;

        public int Number { get; } = number;
    }
}
