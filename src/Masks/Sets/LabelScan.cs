using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Osteon.Masks;

/// <summary>Label words to runs and back, for one word type.</summary>
internal static class LabelScan<T>
    where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
{
    /// <summary>One class.</summary>
    public static Mask ToMask(ReadOnlySpan<T> words, Frame frame, T bit)
    {
        using var boundaries = new BoundaryList();
        ref var first = ref MemoryMarshal.GetReference(words);
        var wanted = Vector256.Create(bit);
        var last = 0UL;
        var at = 0;
        for (; at <= words.Length - 64; at += 64)
        {
            var unset = 0UL;
            for (var lane = 0; lane < 64; lane += Vector256<T>.Count)
            {
                var missing = Vector256.Equals(Vector256.LoadUnsafe(ref first, (nuint)(at + lane)) & wanted, Vector256<T>.Zero);
                unset |= (ulong)missing.ExtractMostSignificantBits() << lane;
            }

            boundaries.AddWord(~unset, at, ref last);
        }

        var tail = 0UL;
        for (var i = at; i < words.Length; i++)
        {
            tail |= T.IsZero(words[i] & bit) ? 0 : 1UL << (i - at);
        }

        return DenseScan.Finish(boundaries, tail, at, last, frame);
    }

    /// <summary>All classes in one pass: a pixel that repeats its left neighbour costs a share of one comparison.</summary>
    public static Mask[] ToMasks(ReadOnlySpan<T> words, Frame frame, int classes)
    {
        var boundaries = new BoundaryList[classes];
        for (var k = 0; k < classes; k++)
        {
            boundaries[k] = new BoundaryList();
        }

        ref var first = ref MemoryMarshal.GetReference(words);
        Change(boundaries, words[0], 0);
        var at = 1;
        for (; at <= words.Length - Vector256<T>.Count; at += Vector256<T>.Count)
        {
            var change = Vector256.LoadUnsafe(ref first, (nuint)at) ^ Vector256.LoadUnsafe(ref first, (nuint)at - 1);
            if (change != Vector256<T>.Zero)
            {
                for (var lane = 0; lane < Vector256<T>.Count; lane++)
                {
                    Change(boundaries, words[at + lane] ^ words[at + lane - 1], at + lane);
                }
            }
        }

        for (; at < words.Length; at++)
        {
            Change(boundaries, words[at] ^ words[at - 1], at);
        }

        Change(boundaries, words[^1], words.Length);
        var masks = new Mask[classes];
        for (var k = 0; k < classes; k++)
        {
            masks[k] = boundaries[k].ToMask(frame);
            boundaries[k].Dispose();
        }

        return masks;
    }

    /// <summary>Sets one class's bit along the runs.</summary>
    public static void Add(Span<T> words, ReadOnlySpan<Run> runs, T bit)
    {
        var bits = Vector256.Create(bit);
        foreach (var run in runs)
        {
            var pixels = words.Slice(run.Start, run.Length);
            ref var first = ref MemoryMarshal.GetReference(pixels);
            var at = 0;
            for (; at <= pixels.Length - Vector256<T>.Count; at += Vector256<T>.Count)
            {
                (Vector256.LoadUnsafe(ref first, (nuint)at) | bits).StoreUnsafe(ref first, (nuint)at);
            }

            for (; at < pixels.Length; at++)
            {
                pixels[at] |= bit;
            }
        }
    }

    private static void Change(BoundaryList[] boundaries, T changed, int at)
    {
        var classes = ulong.CreateTruncating(changed);
        while (classes != 0)
        {
            boundaries[BitOperations.TrailingZeroCount(classes)].Add(at);
            classes &= classes - 1;
        }
    }
}
