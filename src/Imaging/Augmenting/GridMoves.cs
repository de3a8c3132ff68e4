using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>Moves of whole pixels: a window of the grid, laid in one of eight ways.</summary>
internal static class GridMoves
{
    /// <summary>Lays a window of the source, which must lie inside it, on the whole target.</summary>
    /// <param name="plane">What is moved.</param>
    /// <param name="top">The window's first row.</param>
    /// <param name="left">Its first column.</param>
    /// <param name="window">Its height and width; the target's, or transposed.</param>
    /// <param name="orientation">How it is laid.</param>
    public static void Turn(in GridPlane plane, int top, int left, Frame window, Orientation orientation)
    {
        switch (plane.Size)
        {
            case 1: Turn<byte>(plane, top, left, window, orientation); break;
            case 2: Turn<ushort>(plane, top, left, window, orientation); break;
            case 4: Turn<uint>(plane, top, left, window, orientation); break;
            default: Turn<ulong>(plane, top, left, window, orientation); break;
        }
    }

    /// <summary>Copies a window that may leave the source; cv2.copyMakeBorder's rule outside.</summary>
    public static void Pad(in GridPlane plane, int top, int left, Border border)
    {
        switch (plane.Size)
        {
            case 1: Pad<byte>(plane, top, left, border); break;
            case 2: Pad<ushort>(plane, top, left, border); break;
            case 4: Pad<uint>(plane, top, left, border); break;
            default: Pad<ulong>(plane, top, left, border); break;
        }
    }

    private static void Turn<T>(in GridPlane plane, int top, int left, Frame window, Orientation orientation) where T : unmanaged
    {
        var stride = plane.From.Width;
        var from = MemoryMarshal.Cast<byte, T>(plane.Source)[((top * stride) + left)..];
        var to = MemoryMarshal.Cast<byte, T>(plane.Target);
        var (rows, columns) = (orientation.HasFlag(Orientation.FlipRows), orientation.HasFlag(Orientation.FlipColumns));
        if (orientation.HasFlag(Orientation.Transpose))
        {
            TurnTransposed(from, stride, to, window, rows, columns);
            return;
        }

        for (var i = 0; i < window.Height; i++)
        {
            var row = to.Slice(i * window.Width, window.Width);
            from.Slice((rows ? window.Height - 1 - i : i) * stride, window.Width).CopyTo(row);
            if (columns)
            {
                row.Reverse();
            }
        }
    }

    // Each line of the cache is read once and written once: rows of images lie so far apart that few of them fit the cache together.
    private static void TurnTransposed<T>(ReadOnlySpan<T> from, int stride, Span<T> to, Frame frame, bool rows, bool columns) where T : unmanaged
    {
        var (height, width) = frame;
        var side = Unsafe.SizeOf<T>() == 1 ? 64 : 32;
        Span<T> block = stackalloc T[side * side];
        ref var first = ref MemoryMarshal.GetReference(block);
        for (var top = 0; top < width; top += side)
        {
            for (var left = 0; left < height; left += side)
            {
                var (down, across) = (Math.Min(side, width - top), Math.Min(side, height - left));
                for (var j = 0; j < across; j++)
                {
                    var row = rows ? height - 1 - left - j : left + j;
                    from.Slice((row * stride) + (columns ? width - top - down : top), down).CopyTo(block[(j * side)..]);
                }

                for (var i = 0; i < down; i++)
                {
                    var line = to.Slice(((top + i) * height) + left, across);
                    var column = columns ? down - 1 - i : i;
                    for (var j = 0; j < line.Length; j++)
                    {
                        line[j] = Unsafe.Add(ref first, (j * side) + column);
                    }
                }
            }
        }
    }

    private static void Pad<T>(in GridPlane plane, int top, int left, Border border) where T : unmanaged
    {
        var from = MemoryMarshal.Cast<byte, T>(plane.Source);
        var to = MemoryMarshal.Cast<byte, T>(plane.Target);
        Span<byte> bytes = stackalloc byte[8];
        plane.Outside(border, bytes);
        var outside = MemoryMarshal.Read<T>(bytes);
        var (first, end) = (Math.Clamp(-left, 0, plane.To.Width), Math.Clamp(plane.From.Width - left, 0, plane.To.Width));
        for (var i = 0; i < plane.To.Height; i++)
        {
            var row = to.Slice(i * plane.To.Width, plane.To.Width);
            var source = Inside(top + i, plane.From.Height, border.Mode);
            if (source < 0)
            {
                row.Fill(outside);
                continue;
            }

            var line = from.Slice(source * plane.From.Width, plane.From.Width);
            if (first < end)
            {
                line.Slice(left + first, end - first).CopyTo(row[first..end]);
            }

            for (var j = first == 0 ? end : 0; j < row.Length; j = j + 1 == first ? end : j + 1)
            {
                var column = Inside(left + j, plane.From.Width, border.Mode);
                row[j] = column < 0 ? outside : line[column];
            }
        }
    }

    // cv::borderInterpolate.
    private static int Inside(int at, int length, BorderMode mode)
    {
        if ((uint)at < (uint)length)
        {
            return at;
        }

        switch (mode)
        {
            case BorderMode.Replicate:
                return at < 0 ? 0 : length - 1;
            case BorderMode.Wrap:
                return ((at % length) + length) % length;
            case BorderMode.Reflect or BorderMode.Reflect101:
                if (length == 1)
                {
                    return 0;
                }

                var (period, skip) = mode == BorderMode.Reflect ? (2 * length, 1) : ((2 * length) - 2, 0);
                var place = ((at % period) + period) % period;
                return place < length ? place : period - place - skip;
            default:
                return -1;
        }
    }
}
