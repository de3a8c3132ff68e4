namespace Osteon.Masks;

/// <summary>The vote of members that do not count the same, on run boundaries, without rasterising.</summary>
internal static unsafe class WeightedSweep
{
    /// <summary>Votes one row.</summary>
    /// <param name="heads">Each member's ascending boundaries with <see cref="VoteSweep.End"/> behind them; moved to it.</param>
    /// <param name="weights">The rule.</param>
    /// <param name="result">Room for all members' boundaries together.</param>
    /// <returns>Boundaries written.</returns>
    public static int Sweep(int** heads, VoteWeights weights, int* result)
    {
        var units = weights.Units;
        var needed = weights.NeededUnits;
        var inside = stackalloc bool[units.Length];
        new Span<bool>(inside, units.Length).Clear();
        var (count, set, sum) = (0, false, 0L);
        while (true)
        {
            var at = VoteSweep.End;
            for (var i = 0; i < units.Length; i++)
            {
                at = Math.Min(at, *heads[i]);
            }

            if (at == VoteSweep.End)
            {
                return count;
            }

            for (var i = 0; i < units.Length; i++)
            {
                if (*heads[i] == at)
                {
                    heads[i]++;
                    sum += inside[i] ? -units[i] : units[i];
                    inside[i] = !inside[i];
                }
            }

            if (sum >= needed != set)
            {
                set = !set;
                result[count++] = at;
            }
        }
    }

    /// <summary>Votes masks.</summary>
    public static Mask Vote(ReadOnlySpan<Mask> masks, VoteWeights weights)
    {
        if (masks.Length != weights.Count)
        {
            throw new ArgumentException($"{masks.Length} masks and {weights.Count} weights.", nameof(weights));
        }

        var (frame, total) = (masks[0].Frame, 0);
        foreach (var mask in masks)
        {
            total = mask.Frame == frame ? checked(total + (2 * mask.Runs.Length) + 1) : throw new ArgumentException($"Masks of {frame} and {mask.Frame} cannot vote together.", nameof(masks));
        }

        var buffer = new int[2 * total];
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

                *at++ = VoteSweep.End;
            }

            return Mask.FromBoundaries(frame, new ReadOnlySpan<int>(at, Sweep(heads, weights, at)));
        }
    }
}
