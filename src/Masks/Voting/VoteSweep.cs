using System.Buffers;
using System.Runtime.CompilerServices;

namespace Osteon.Masks;

/// <summary>
/// Votes without rasterising: all members' run boundaries are visited in ascending order, and the result changes where the
/// count of members inside a run crosses the demanded one. O(boundaries × members); no branch depends on where they lie.
/// </summary>
internal static unsafe class VoteSweep
{
    /// <summary>What stands behind a member's last boundary.</summary>
    public const int End = int.MaxValue;

    public static Mask Vote(ReadOnlySpan<Mask> masks, int minVotes)
    {
        if (masks.IsEmpty)
        {
            throw new ArgumentException("A vote needs at least one mask.", nameof(masks));
        }

        if (minVotes < 1 || minVotes > masks.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(minVotes), minVotes, $"min_votes must be 1 to {masks.Length}, the number of masks.");
        }

        var (frame, total) = (masks[0].Frame, 0);
        foreach (var mask in masks)
        {
            if (mask.Frame != frame)
            {
                throw new ArgumentException($"Masks of {frame} and {mask.Frame} cannot vote together.", nameof(masks));
            }

            total = checked(total + (mask.Runs.Length * 2) + 2);
        }

        // The first half holds the members' boundaries, the second the result, which has no more of them.
        var buffer = ArrayPool<int>.Shared.Rent(checked((total * 2) + (2 * AgreeingRuns.Slack)));
        try
        {
            fixed (int* first = buffer)
            {
                var heads = stackalloc int*[masks.Length];
                var at = first;
                for (var i = 0; i < masks.Length; i++)
                {
                    heads[i] = at;
                    foreach (var run in masks[i].Runs)
                    {
                        *at++ = run.Start;
                        *at++ = run.End;
                    }

                    *at++ = End;
                    *at++ = End;
                }

                var count = Sweep(heads, masks.Length, minVotes, at);
                return Mask.FromBoundaries(frame, new ReadOnlySpan<int>(at, count));
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(buffer);
        }
    }

    /// <summary>Sweeps boundaries into boundaries.</summary>
    /// <param name="heads">For each member ascending boundaries, an even number of them, then twice <see cref="End"/> and <see cref="AgreeingRuns.Slack"/> of any numbers. Moved to the end.</param>
    /// <param name="members">How many there are.</param>
    /// <param name="minVotes">1 to <paramref name="members"/>.</param>
    /// <param name="result">Room for as many boundaries as all members have, and <see cref="AgreeingRuns.Slack"/> more.</param>
    /// <returns>Boundaries written, an even number.</returns>
    public static int Sweep(int** heads, int members, int minVotes, int* result)
    {
        var count = 0;
        bool more;
        do
        {
            count += AgreeingRuns.Vote(heads, members, minVotes, result + count);
            count += SweepToGap(heads, members, minVotes, result + count, out more);
        }
        while (more);
        return count;
    }

    /// <summary>Sweeps until no member is inside a run; says whether any run is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int SweepToGap(int** heads, int members, int minVotes, int* result, out bool more)
    {
        // Whether a member is inside a run is the parity of how far its head has moved, so boundaries need no flag.
        var origins = stackalloc int*[members];
        var at = End;
        for (var i = 0; i < members; i++)
        {
            origins[i] = heads[i];
            at = Math.Min(at, *heads[i]);
        }

        var (count, inside, votes) = (0, 0, 1L);
        while (at != End && votes != 0)
        {
            votes = 0;
            var next = End;
            for (var i = 0; i < members; i++)
            {
                var head = heads[i];
                head += Bit(*head == at);
                heads[i] = head;
                votes += (head - origins[i]) & 1;
                next = Least(next, *head);
            }

            var now = Bit(votes >= minVotes);
            result[count] = at;
            count += now ^ inside;
            inside = now;
            at = next;
        }

        // Only a run that ends with the largest frame there is meets the mark before its own end.
        result[count] = End;
        more = at != End;
        return count + inside;
    }

    /// <summary>Math.Min becomes a branch in a loop, and one that is mispredicted half of the time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Least(int a, int b) => b + ((a - b) & ((a - b) >> 31));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bit(bool condition) => Unsafe.BitCast<bool, byte>(condition);
}
