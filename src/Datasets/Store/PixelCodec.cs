using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Osteon.Datasets;

/// <summary>
/// Pixels without loss at about half their size, as fast as memory is copied: each row is told as its difference from the row above, folded
/// so that small ones are small numbers (0, -1, 1, -2, …), and 16 differences in a row take as many bits each as the largest needs.
/// </summary>
/// <remarks>
/// First a width of 0 to 8 for each 16 bytes, two in a byte, low half first; then, for each, so many planes of 16 bits, little-endian:
/// plane p, bit i is bit p of difference i. A row of 16-bit pixels is told as two, the low bytes of its differences and then the high ones.
/// The last 16 of a row are filled up by zeros. Integer arithmetic throughout, so that every machine writes the same bytes.
/// </remarks>
internal static class PixelCodec
{
    private const int Lanes = 16;

    /// <summary>The coded image, or null where it would be no shorter than <paramref name="pixels"/>.</summary>
    /// <param name="pixels">Row-major.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="bytesPerPixel">1 or 2.</param>
    public static byte[]? Encode(ReadOnlySpan<byte> pixels, int width, int bytesPerPixel)
    {
        var rowBytes = width * bytesPerPixel;
        var (rows, blocks) = (pixels.Length / rowBytes, BlocksIn(width) * bytesPerPixel);
        var head = WidthBytes(rows, blocks);
        if (head >= pixels.Length)
        {
            return null;
        }

        var coded = ArrayPool<byte>.Shared.Rent(pixels.Length + (blocks * Lanes));
        var folded = ArrayPool<byte>.Shared.Rent(blocks * Lanes);
        try
        {
            coded.AsSpan(0, (int)head).Clear();
            folded.AsSpan(0, blocks * Lanes).Clear();
            ReadOnlySpan<byte> above = new byte[rowBytes];
            var at = (int)head;
            for (var y = 0; y < rows; y++)
            {
                var row = pixels.Slice(y * rowBytes, rowBytes);
                Fold(row, above, folded.AsSpan(0, blocks * Lanes), bytesPerPixel);
                if (at + (blocks * Lanes) > coded.Length)
                {
                    return null;
                }

                at += PackRow(folded.AsSpan(0, blocks * Lanes), coded, y * blocks, coded.AsSpan(at));
                above = row;
            }

            return at < pixels.Length ? coded.AsSpan(0, at).ToArray() : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(coded);
            ArrayPool<byte>.Shared.Return(folded);
        }
    }

    /// <summary>Undoes <see cref="Encode"/>; false when the bytes are not such an image.</summary>
    /// <param name="coded">Of any origin.</param>
    /// <param name="pixels">As many as were coded; written in part where false comes back.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="bytesPerPixel">1 or 2.</param>
    public static bool Decode(ReadOnlySpan<byte> coded, Span<byte> pixels, int width, int bytesPerPixel)
    {
        var rowBytes = width * bytesPerPixel;
        var (rows, blocks) = (pixels.Length / rowBytes, BlocksIn(width) * bytesPerPixel);
        var head = WidthBytes(rows, blocks);
        if (head > coded.Length)
        {
            return false;
        }

        var widths = coded[..(int)head];
        var planes = coded[(int)head..];
        var folded = ArrayPool<byte>.Shared.Rent(blocks * Lanes);
        try
        {
            ReadOnlySpan<byte> above = new byte[rowBytes];
            for (var y = 0; y < rows; y++)
            {
                if (!UnpackRow(widths, y * blocks, ref planes, folded.AsSpan(0, blocks * Lanes)))
                {
                    return false;
                }

                var row = pixels.Slice(y * rowBytes, rowBytes);
                Unfold(folded.AsSpan(0, blocks * Lanes), above, row, bytesPerPixel);
                above = row;
            }

            return planes.IsEmpty;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(folded);
        }
    }

    // Writes the blocks' widths from number `first` on, and their planes; returns the planes' bytes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int PackRow(ReadOnlySpan<byte> folded, Span<byte> widths, int first, Span<byte> planes)
    {
        var at = 0;
        for (int i = 0, number = first; i < folded.Length; i += Lanes, number++)
        {
            var values = Vector128.Create(folded[i..]);
            var bits = BitsOf(values);
            widths[number >> 1] |= (byte)(bits << (4 * (number & 1)));
            for (var p = 0; p < bits; p++, at += 2)
            {
                // Two bytes are moved as one: what comes over from the lower one stays below the highest bit.
                var plane = Vector128.ShiftLeft(values.AsUInt16(), 7 - p).AsByte().ExtractMostSignificantBits();
                BinaryPrimitives.WriteUInt16LittleEndian(planes[at..], (ushort)plane);
            }
        }

        return at;
    }

    private static int BlocksIn(int width) => (width + Lanes - 1) / Lanes;

    private static long WidthBytes(int rows, int blocks) => (((long)rows * blocks) + 1) / 2;

    private static int BitsOf(Vector128<byte> values)
    {
        var halves = values.AsUInt64();
        var all = halves[0] | halves[1];
        all |= all >> 32;
        all |= all >> 16;
        all |= all >> 8;
        return 8 - (BitOperations.LeadingZeroCount((uint)(byte)all) - 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool UnpackRow(ReadOnlySpan<byte> widths, int first, ref ReadOnlySpan<byte> planes, Span<byte> folded)
    {
        Span<byte> last = stackalloc byte[Lanes];
        var at = 0;
        for (int i = 0, number = first; i < folded.Length; i += Lanes, number++)
        {
            var bits = (widths[number >> 1] >> (4 * (number & 1))) & 15;
            var left = planes.Length - at;
            if (bits > 8 || 2 * bits > left)
            {
                return false;
            }

            if (left < Lanes)
            {
                planes[at..].CopyTo(last);
            }

            Unpack(left < Lanes ? Vector128.Create<byte>(last) : Vector128.Create(planes[at..]), bits).CopyTo(folded[i..]);
            at += 2 * bits;
        }

        planes = planes[at..];
        return true;
    }

    // All planes that a block may have, and then those that it has: quicker than a loop whose end no processor foresees.
    private static Vector128<byte> Unpack(Vector128<byte> planes, int bits)
    {
        var values = Plane(planes, 0) | Plane(planes, 1) | Plane(planes, 2) | Plane(planes, 3);
        if (bits > 4)
        {
            values |= Plane(planes, 4) | Plane(planes, 5) | Plane(planes, 6) | Plane(planes, 7);
        }

        return values & Vector128.Create((byte)((1 << bits) - 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Plane(Vector128<byte> planes, [ConstantExpected] int p)
    {
        var lanes = Vector128.Create((byte)1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128);
        var (low, high) = ((byte)(2 * p), (byte)((2 * p) + 1));
        var spread = Vector128.Shuffle(planes, Vector128.Create(low, low, low, low, low, low, low, low, high, high, high, high, high, high, high, high));
        return Vector128.Equals(spread & lanes, lanes) & Vector128.Create((byte)(1 << p));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fold(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, Span<byte> folded, int bytesPerPixel)
    {
        var i = 0;
        if (bytesPerPixel == 1)
        {
            for (; i + Lanes <= row.Length; i += Lanes)
            {
                var difference = Vector128.Create(row[i..]) - Vector128.Create(above[i..]);
                ((difference + difference) ^ Vector128.ShiftRightArithmetic(difference.AsSByte(), 7).AsByte()).CopyTo(folded[i..]);
            }

            for (; i < row.Length; i++)
            {
                var difference = (sbyte)(row[i] - above[i]);
                folded[i] = (byte)((difference << 1) ^ (difference >> 7));
            }

            return;
        }

        var values = MemoryMarshal.Cast<byte, ushort>(row);
        var ups = MemoryMarshal.Cast<byte, ushort>(above);
        var low = folded[..(folded.Length / 2)];
        var high = folded[(folded.Length / 2)..];
        for (; i < values.Length; i++)
        {
            var difference = (short)(values[i] - ups[i]);
            var value = (difference << 1) ^ (difference >> 15);
            low[i] = (byte)value;
            high[i] = (byte)(value >> 8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Unfold(ReadOnlySpan<byte> folded, ReadOnlySpan<byte> above, Span<byte> row, int bytesPerPixel)
    {
        var i = 0;
        if (bytesPerPixel == 1)
        {
            for (; i + Lanes <= row.Length; i += Lanes)
            {
                var value = Vector128.Create(folded[i..]);
                var difference = Vector128.ShiftRightLogical(value, 1) ^ (Vector128<byte>.Zero - (value & Vector128<byte>.One));
                (Vector128.Create(above[i..]) + difference).CopyTo(row[i..]);
            }

            for (; i < row.Length; i++)
            {
                row[i] = (byte)(above[i] + ((folded[i] >> 1) ^ -(folded[i] & 1)));
            }

            return;
        }

        var values = MemoryMarshal.Cast<byte, ushort>(row);
        var ups = MemoryMarshal.Cast<byte, ushort>(above);
        var low = folded[..(folded.Length / 2)];
        var high = folded[(folded.Length / 2)..];
        for (; i < values.Length; i++)
        {
            var value = low[i] | (high[i] << 8);
            values[i] = (ushort)(ups[i] + ((value >> 1) ^ -(value & 1)));
        }
    }
}
