using System.Numerics;
using System.Runtime.CompilerServices;

namespace Osteon.Masks;

/// <summary>Writes unsigned decimals without a branch on their length.</summary>
internal static unsafe class DecimalText
{
    /// <summary>Bytes that a start, a length and two spaces may touch, with what <see cref="Write"/> writes too much.</summary>
    public const int RunRoom = 40;

    /// <summary>Writes digits and returns the place behind them. Up to eight bytes behind that are spoiled.</summary>
    /// <param name="to">Room for 18 bytes.</param>
    /// <param name="value">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Write(byte* to, uint value) => value < 100_000_000 && BitConverter.IsLittleEndian ? WriteEight(to, value) : WriteLarge(to, value);

    /// <summary>Halves, quarters, then single digits, each by one multiplication on all of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteEight(byte* to, uint value)
    {
        var fours = (value / 10_000) | ((ulong)(value % 10_000) << 32);
        var hundreds = ((fours * 10_486) >> 20) & 0x0000_007F_0000_007F;
        var twos = ((fours - (100 * hundreds)) << 16) + hundreds;
        var tens = ((twos * 103) >> 10) & 0x000F_000F_000F_000F;
        var digits = ((twos - (10 * tens)) << 8) + tens;

        // The highest bit stands for a digit that is always written, so 0 is "0".
        var zeros = BitOperations.TrailingZeroCount(digits | (1UL << 63)) & ~7;
        Unsafe.WriteUnaligned(to, (digits + 0x3030303030303030) >> zeros);
        return to + 8 - (zeros >> 3);
    }

    private static byte* WriteLarge(byte* to, uint value)
    {
        value.TryFormat(new Span<byte>(to, 10), out var written, default, System.Globalization.CultureInfo.InvariantCulture);
        return to + written;
    }
}
