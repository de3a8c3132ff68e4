using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Osteon.Masks;

/// <summary>Pixel counts of all classes in one pass over two maps of label words: pixels that repeat their left neighbours cost a share of two comparisons.</summary>
internal static class LabelTally<T>
    where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
{
    public static PixelCounts[] Count(ReadOnlySpan<T> prediction, ReadOnlySpan<T> truth, int classes)
    {
        var (all, predicted, present, both) = (truth.Length, new long[classes], new long[classes], new long[classes]);
        for (var at = 0; at < all;)
        {
            var end = EndOfStretch(prediction, truth, at);
            var (p, t) = (ulong.CreateTruncating(prediction[at]), ulong.CreateTruncating(truth[at]));
            Add(predicted, p, end - at);
            Add(present, t, end - at);
            Add(both, p & t, end - at);
            at = end;
        }

        return [.. both.Select((tp, k) => new PixelCounts(tp, predicted[k] - tp, present[k] - tp, all - predicted[k] - present[k] + tp))];
    }

    // The first pixel after the given one whose words differ from its left neighbour's in either map.
    private static int EndOfStretch(ReadOnlySpan<T> prediction, ReadOnlySpan<T> truth, int at)
    {
        ref var p = ref MemoryMarshal.GetReference(prediction);
        ref var t = ref MemoryMarshal.GetReference(truth);
        for (at++; at <= truth.Length - Vector256<T>.Count; at += Vector256<T>.Count)
        {
            var same = Vector256.Equals(Vector256.LoadUnsafe(ref p, (nuint)at), Vector256.LoadUnsafe(ref p, (nuint)at - 1))
                & Vector256.Equals(Vector256.LoadUnsafe(ref t, (nuint)at), Vector256.LoadUnsafe(ref t, (nuint)at - 1));
            if (same != Vector256<T>.AllBitsSet)
            {
                return at + BitOperations.TrailingZeroCount(~same.ExtractMostSignificantBits());
            }
        }

        while (at < truth.Length && prediction[at] == prediction[at - 1] && truth[at] == truth[at - 1])
        {
            at++;
        }

        return at;
    }

    private static void Add(long[] counts, ulong classes, int pixels)
    {
        for (; classes != 0; classes &= classes - 1)
        {
            counts[BitOperations.TrailingZeroCount(classes)] += pixels;
        }
    }
}
