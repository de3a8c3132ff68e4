using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Osteon.Imaging;

/// <summary>
/// Undoes the filters of rows of one byte a pixel. A pixel of Average or Paeth waits for the one on its left; four such rows are
/// undone at once, each a pixel behind the one above it, so that the processor has four pixels to work on. W3C, PNG Specification, section 9.
/// </summary>
internal static class PngFilters
{
    private const int Together = 4;

    /// <summary>Undoes the first row, or the first four where they have one filter that waits.</summary>
    /// <param name="encoded">The filter types: at 0, <paramref name="stride"/>, …</param>
    /// <param name="stride">Bytes from one filter type to the next.</param>
    /// <param name="rows">The filtered pixels, without gaps, to the picture's end; undone in place.</param>
    /// <param name="above">The undone row above the first, as long as a row.</param>
    /// <returns>Rows that were undone; 0: the filter is none of PNG's.</returns>
    public static int Undo(ReadOnlySpan<byte> encoded, int stride, Span<byte> rows, ReadOnlySpan<byte> above)
    {
        var row = rows[..above.Length];
        switch (encoded[0])
        {
            case 0:
                return 1;
            case 1:
                Sub(row);
                return 1;
            case 2:
                Up(row, above);
                return 1;
            case 3:
                return Wait<Average>(encoded, stride, rows, above);
            case 4:
                return Wait<Paeth>(encoded, stride, rows, above);
            default:
                return 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sub(Span<byte> row)
    {
        var left = 0;
        foreach (ref var value in row)
        {
            left = value = (byte)(value + left);
        }
    }

    private static void Up(Span<byte> row, ReadOnlySpan<byte> above)
    {
        var i = 0;
        for (; i + Vector128<byte>.Count <= row.Length; i += Vector128<byte>.Count)
        {
            (Vector128.Create<byte>(row[i..]) + Vector128.Create<byte>(above[i..])).CopyTo(row[i..]);
        }

        for (; i < row.Length; i++)
        {
            row[i] += above[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Wait<T>(ReadOnlySpan<byte> encoded, int stride, Span<byte> rows, ReadOnlySpan<byte> above) where T : struct, IPrediction
    {
        var width = above.Length;
        if (width < Together || rows.Length < Together * width
            || encoded[stride] != encoded[0] || encoded[2 * stride] != encoded[0] || encoded[3 * stride] != encoded[0])
        {
            One<T>(rows[..width], above);
            return 1;
        }

        ref var up = ref MemoryMarshal.GetReference(above);
        ref var first = ref MemoryMarshal.GetReference(rows);
        ref var second = ref Unsafe.Add(ref first, width - 1);      // at i, its pixel i - 1; and so on
        ref var third = ref Unsafe.Add(ref second, width - 1);
        ref var fourth = ref Unsafe.Add(ref third, width - 1);
        int a = 0, b = 0, c = 0, d = 0;                              // the pixel before, of each row
        int overA = 0, overB = 0, overC = 0, overD = 0;              // the one above that
        for (var i = 0; i < width + Together - 1; i++)
        {
            // The lowest first: it takes what the row above it made one step ago.
            if (i >= 3)
            {
                (d, overD) = (Next<T>(ref Unsafe.Add(ref fourth, i), d, c, overD), c);
            }

            if (i >= 2 && i < width + 2)
            {
                (c, overC) = (Next<T>(ref Unsafe.Add(ref third, i), c, b, overC), b);
            }

            if (i >= 1 && i < width + 1)
            {
                (b, overB) = (Next<T>(ref Unsafe.Add(ref second, i), b, a, overB), a);
            }

            if (i < width)
            {
                int over = Unsafe.Add(ref up, i);
                (a, overA) = (Next<T>(ref Unsafe.Add(ref first, i), a, over, overA), over);
            }
        }

        return Together;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<T>(Span<byte> row, ReadOnlySpan<byte> above) where T : struct, IPrediction
    {
        int left = 0, corner = 0;
        for (var i = 0; i < row.Length; i++)
        {
            (left, corner) = (Next<T>(ref row[i], left, above[i], corner), above[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Next<T>(ref byte value, int left, int up, int corner) where T : struct, IPrediction =>
        value = (byte)(value + T.Of(left, up, corner));

    private interface IPrediction
    {
        static abstract int Of(int left, int up, int corner);
    }

    private readonly struct Average : IPrediction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Of(int left, int up, int corner) => (left + up) >> 1;
    }

    private readonly struct Paeth : IPrediction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Of(int left, int up, int corner)
        {
            var (toLeft, toUp) = (Math.Abs(up - corner), Math.Abs(left - corner));
            var toCorner = Math.Abs(up + left - (2 * corner));
            return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
        }
    }
}
