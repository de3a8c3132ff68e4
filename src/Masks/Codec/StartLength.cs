using System.Buffers;
using System.Runtime.CompilerServices;

namespace Osteon.Masks;

/// <summary>"start length" pairs, to and from ascending boundaries.</summary>
internal static unsafe class StartLength
{
    /// <summary>Boundaries a text can hold at most: every number has a digit and a space.</summary>
    public static int Room(int length) => (length / 2) + 2;

    /// <summary>Reads pairs; touching runs join.</summary>
    /// <param name="text">ASCII; see <see cref="DecimalCursor"/> for what may follow it.</param>
    /// <param name="length">Bytes of it.</param>
    /// <param name="readable">Bytes that may be read.</param>
    /// <param name="origin">The first pixel's number.</param>
    /// <param name="limit">The number behind the last pixel's.</param>
    /// <param name="boundaries">Room for <see cref="Room"/> numbers; filled with starts and ends, still counted from the origin.</param>
    /// <returns>Boundaries written.</returns>
    /// <exception cref="MaskFormatException">A pair is broken, empty, out of order or beyond the limit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Read(byte* text, int length, long readable, int origin, int limit, int* boundaries)
    {
        var cursor = new DecimalCursor(text, length, readable);
        var (count, end) = (0, origin - 1);
        while (true)
        {
            if (!cursor.TryPair(out var start, out var run))
            {
                if (!cursor.TryNext(out start))
                {
                    return count;
                }

                if (!cursor.TryNext(out run))
                {
                    throw new MaskFormatException($"start {start} has no length; numbers come in pairs", cursor.Offset);
                }
            }

            var stop = (long)start + run;
            if (start <= end || run == 0 || stop > limit)
            {
                if (start != end || count == 0 || run == 0 || stop > limit)
                {
                    throw Refusal(start, run, origin, limit, end, cursor.Offset);
                }

                count -= 2;
                start = boundaries[count];
            }

            end = (int)stop;
            boundaries[count] = start;
            boundaries[count + 1] = end;
            count += 2;
        }
    }

    /// <summary>Writes boundaries that are counted from the origin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(ReadOnlySpan<int> boundaries, IBufferWriter<byte> output)
    {
        for (var from = 0; from < boundaries.Length;)
        {
            var until = Math.Min(boundaries.Length, from + 512);
            var room = output.GetSpan((until - from) / 2 * DecimalText.RunRoom);
            fixed (byte* first = room)
            {
                var at = first;
                for (; from < until; from += 2)
                {
                    at = DecimalText.Write(at, (uint)boundaries[from]);
                    *at++ = (byte)' ';
                    at = DecimalText.Write(at, (uint)(boundaries[from + 1] - boundaries[from]));
                    *at++ = (byte)' ';
                }

                output.Advance((int)(at - first) - (from == boundaries.Length ? 1 : 0));
            }
        }
    }

    private static MaskFormatException Refusal(int start, int run, int origin, int limit, int end, long offset) => new(
        run == 0 ? $"run {start} has length 0; a run has at least one pixel"
        : start < origin ? $"run starts at {start}; pixels are numbered from {origin}"
        : start < end ? $"run {start} starts before the run in front of it ends, at {end - 1}; runs ascend without overlap"
        : $"run {start} of length {run} ends at {(long)start + run - 1}, beyond the last pixel, {(long)limit - 1}",
        offset);
}
