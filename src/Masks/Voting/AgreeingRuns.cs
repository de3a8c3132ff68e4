using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Osteon.Masks;

/// <summary>
/// Where members agree that there is one run and differ only by its borders, as a good ensemble does on most scan lines, the vote
/// is an order statistic: the run lasts from the n-th smallest start to the n-th largest end. Eight such places are done at a
/// time, a lane each.
/// </summary>
internal static unsafe class AgreeingRuns
{
    /// <summary>Numbers that are read behind a member's last boundary, and written behind the result's.</summary>
    public const int Slack = 18;

    /// <summary>Votes as long as all members' next runs share a pixel, and none of them meets a run after.</summary>
    /// <param name="heads">The members' next boundaries; all are starts.</param>
    /// <param name="members">How many there are.</param>
    /// <param name="minVotes">1 to <paramref name="members"/>.</param>
    /// <param name="result">Receives the boundaries.</param>
    /// <returns>Boundaries written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Vote(int** heads, int members, int minVotes, int* result)
    {
        if (!Vector256.IsHardwareAccelerated || !BitConverter.IsLittleEndian)
        {
            return 0;
        }

        var starts = stackalloc Vector256<int>[members];
        var ends = stackalloc Vector256<int>[members];
        for (var count = 0; ;)
        {
            var (lastStart, lastEnd) = (Vector256<int>.Zero, Vector256<int>.Zero);
            var (firstEnd, nextStart) = (Vector256.Create(int.MaxValue), Vector256.Create(int.MaxValue));
            for (var m = 0; m < members; m++)
            {
                // A run is 64 bits, the start its lower half.
                var (low, high) = (Vector256.Load((ulong*)heads[m]), Vector256.Load((ulong*)heads[m] + 4));
                starts[m] = Vector256.Narrow(low, high).AsInt32();
                ends[m] = Vector256.Narrow(low >>> 32, high >>> 32).AsInt32();
                var next = Vector256.Narrow(Vector256.Load((ulong*)heads[m] + 1), Vector256.Load((ulong*)heads[m] + 5)).AsInt32();
                lastStart = Vector256.Max(lastStart, starts[m]);
                lastEnd = Vector256.Max(lastEnd, ends[m]);
                firstEnd = Vector256.Min(firstEnd, ends[m]);
                nextStart = Vector256.Min(nextStart, next);
            }

            var agree = Vector256.LessThan(lastStart, firstEnd) & Vector256.LessThan(lastEnd, nextStart);
            var places = BitOperations.TrailingZeroCount(~agree.ExtractMostSignificantBits());
            if (places == 0)
            {
                return count;
            }

            var start = Smallest(starts, members, minVotes);
            for (var m = 0; m < members; m++)
            {
                ends[m] = ~ends[m];
            }

            // Complements turn the order round.
            var end = ~Smallest(ends, members, minVotes);
            var (startLow, startHigh) = Vector256.Widen(start.AsUInt32());
            var (endLow, endHigh) = Vector256.Widen(end.AsUInt32());
            (startLow | (endLow << 32)).Store((ulong*)(result + count));
            (startHigh | (endHigh << 32)).Store((ulong*)(result + count) + 4);
            count += 2 * places;
            for (var m = 0; m < members; m++)
            {
                heads[m] += 2 * places;
            }
        }
    }

    /// <summary>The n-th smallest of each lane, by n rounds of a bubble sort.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Smallest(Vector256<int>* values, int count, int n)
    {
        for (var round = 0; round < n; round++)
        {
            var least = values[count - 1];
            for (var i = count - 2; i >= round; i--)
            {
                values[i + 1] = Vector256.Max(values[i], least);
                least = Vector256.Min(values[i], least);
            }

            values[round] = least;
        }

        return values[n - 1];
    }
}
