using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Osteon.Masks;

/// <summary>Dense values to runs, 64 pixels a step: a comparison makes a bit a pixel, and only changed bits cost more.</summary>
internal static class DenseScan
{
    public static void Demand(int length, Frame frame)
    {
        if (length != (long)frame.Height * frame.Width)
        {
            throw new ArgumentException($"{length} values do not fit the frame {frame}.");
        }
    }

    public static Mask NonZero(ReadOnlySpan<byte> pixels, Frame frame)
    {
        Demand(pixels.Length, frame);
        using var boundaries = new BoundaryList();
        ref var first = ref MemoryMarshal.GetReference(pixels);
        var last = 0UL;
        var at = 0;
        for (; at <= pixels.Length - 64; at += 64)
        {
            var low = Vector256.Equals(Vector256.LoadUnsafe(ref first, (nuint)at), Vector256<byte>.Zero);
            var high = Vector256.Equals(Vector256.LoadUnsafe(ref first, (nuint)at + 32), Vector256<byte>.Zero);
            var unset = low.ExtractMostSignificantBits() | ((ulong)high.ExtractMostSignificantBits() << 32);
            boundaries.AddWord(~unset, at, ref last);
        }

        var tail = 0UL;
        for (var i = at; i < pixels.Length; i++)
        {
            tail |= pixels[i] != 0 ? 1UL << (i - at) : 0;
        }

        return Finish(boundaries, tail, at, last, frame);
    }

    public static Mask Above(ReadOnlySpan<float> values, Frame frame, float threshold)
    {
        Demand(values.Length, frame);
        using var boundaries = new BoundaryList();
        ref var first = ref MemoryMarshal.GetReference(values);
        var limit = Vector256.Create(threshold);
        var last = 0UL;
        var at = 0;
        for (; at <= values.Length - 64; at += 64)
        {
            var set = 0UL;
            for (var lane = 0; lane < 64; lane += Vector256<float>.Count)
            {
                var above = Vector256.GreaterThan(Vector256.LoadUnsafe(ref first, (nuint)(at + lane)), limit);
                set |= (ulong)above.ExtractMostSignificantBits() << lane;
            }

            boundaries.AddWord(set, at, ref last);
        }

        var tail = 0UL;
        for (var i = at; i < values.Length; i++)
        {
            tail |= values[i] > threshold ? 1UL << (i - at) : 0;
        }

        return Finish(boundaries, tail, at, last, frame);
    }

    /// <summary>The last pixels, fewer than 64, and the boundary a run needs that reaches the frame's end.</summary>
    public static Mask Finish(BoundaryList boundaries, ulong tail, int at, ulong last, Frame frame)
    {
        boundaries.AddWord(tail, at, ref last);
        return boundaries.ToMask(frame);
    }
}
