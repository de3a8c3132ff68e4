using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Osteon.Masks;

/// <summary>
/// The box of rows and columns that holds every set pixel of some masks, and a margin of one unset pixel around them, even where
/// the frame ends: outside it nothing needs to be looked at.
/// </summary>
internal readonly record struct SurfaceBox(int Top, int Left, int Height, int Width)
{
    public static SurfaceBox Around(params ReadOnlySpan<Mask> masks)
    {
        var (top, bottom, left, right) = (int.MaxValue, -1, int.MaxValue, -1);
        foreach (var mask in masks)
        {
            var width = mask.Frame.Width;
            foreach (var run in mask.Runs)
            {
                var (first, last) = (run.Start / width, (run.End - 1) / width);
                top = Math.Min(top, first);
                bottom = Math.Max(bottom, last);
                left = Math.Min(left, first == last ? run.Start % width : 0);
                right = Math.Max(right, first == last ? (run.End - 1) % width : width - 1);
            }
        }

        return new SurfaceBox(top - 1, left - 1, bottom - top + 3, right - left + 3);
    }

    /// <summary>Without what of the margin is outside the frame; such a box has no margin there, and <see cref="Surface"/> is not for it.</summary>
    public SurfaceBox Within(Frame frame)
    {
        var (top, left) = (Math.Max(Top, 0), Math.Max(Left, 0));
        return new SurfaceBox(top, left, Math.Min(Top + Height, frame.Height) - top, Math.Min(Left + Width, frame.Width) - left);
    }

    /// <summary>The mask within the box, a byte a pixel; set pixels must all lie in it.</summary>
    public byte[] Draw(Mask mask)
    {
        var pixels = new byte[Height * Width];
        var width = mask.Frame.Width;
        foreach (var run in mask.Runs)
        {
            for (var at = run.Start; at < run.End;)
            {
                var (row, column) = (at / width, at % width);
                var length = Math.Min(run.End - at, width - column);
                pixels.AsSpan(((row - Top) * Width) + column - Left, length).Fill(1);
                at += length;
            }
        }

        return pixels;
    }

    /// <summary>
    /// Linear indices in the box of the set pixels that have an unset one above, below, left or right; what is outside the frame
    /// is unset: a mask without its erosion by a cross.
    /// </summary>
    public List<int> Surface(byte[] pixels)
    {
        var surface = new List<int>();
        ref var first = ref MemoryMarshal.GetArrayDataReference(pixels);
        var (at, end) = (Width + 1, pixels.Length - Width - 1);     // the margin is unset, and spares every question for an edge
        for (; at <= end - Vector256<byte>.Count; at += Vector256<byte>.Count)
        {
            var inside = Vector256.LoadUnsafe(ref first, (nuint)(at - Width)) & Vector256.LoadUnsafe(ref first, (nuint)(at + Width))
                & Vector256.LoadUnsafe(ref first, (nuint)(at - 1)) & Vector256.LoadUnsafe(ref first, (nuint)(at + 1));
            var found = Vector256.GreaterThan(Vector256.LoadUnsafe(ref first, (nuint)at), inside).ExtractMostSignificantBits();
            for (; found != 0; found &= found - 1)
            {
                surface.Add(at + BitOperations.TrailingZeroCount(found));
            }
        }

        for (; at < end; at++)
        {
            if (pixels[at] > (pixels[at - Width] & pixels[at + Width] & pixels[at - 1] & pixels[at + 1]))
            {
                surface.Add(at);
            }
        }

        return surface;
    }
}
