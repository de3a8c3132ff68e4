namespace Osteon.Masks;

/// <summary>The vote where every pixel has exactly one class: the class most members name wins it, the first of equals.</summary>
public static class PluralityVote
{
    /// <summary>Votes on one image.</summary>
    /// <param name="members">For each member, one mask a class, all in one frame; at most 255 members and 64 classes.</param>
    /// <returns>One mask a class; together they hold each pixel that any member gave a class exactly once.</returns>
    /// <exception cref="ArgumentException">There are no members, too many, or their classes or frames differ.</exception>
    public static Mask[] Vote(IReadOnlyList<IReadOnlyList<Mask>> members) => Vote(members, null);

    /// <summary>The same where members do not count the same.</summary>
    /// <param name="members">For each member, one mask a class, all in one frame.</param>
    /// <param name="weights">One a member, at least 0; null: 1 each.</param>
    /// <returns>One mask a class.</returns>
    /// <exception cref="ArgumentException">There are no members, too many, or their classes, frames or number differ.</exception>
    public static Mask[] Vote(IReadOnlyList<IReadOnlyList<Mask>> members, IReadOnlyList<double>? weights)
    {
        if (weights is not null && (weights.Count != members.Count || weights.Any(w => !(w >= 0))))
        {
            throw new ArgumentException($"{members.Count} members and {weights.Count} weights of at least 0.", nameof(weights));
        }

        if (members.Count is 0 or > byte.MaxValue || members.Any(m => m.Count != members[0].Count || m.Count is 0 or > LabelMap.MaxClasses))
        {
            throw new ArgumentException($"1 to {byte.MaxValue} members with the same classes, at most {LabelMap.MaxClasses}, can vote.", nameof(members));
        }

        var frame = members[0][0].Frame;
        if (members.Any(m => m.Any(mask => mask.Frame != frame)))
        {
            throw new ArgumentException("Masks of different frames cannot vote on the same pixels.", nameof(members));
        }

        var most = new float[frame.Area];
        var winner = new byte[frame.Area];
        var votes = new float[frame.Area];
        for (var k = 0; k < members[0].Count; k++)
        {
            Array.Clear(votes);
            for (var m = 0; m < members.Count; m++)
            {
                Count(members[m][k], votes, (float)(weights?[m] ?? 1));
            }

            for (var i = 0; i < votes.Length; i++)
            {
                if (votes[i] > most[i])
                {
                    (most[i], winner[i]) = (votes[i], (byte)k);
                }
            }
        }

        var pixels = new byte[frame.Area];
        return [.. members[0].Select((_, k) => Won(k, most, winner, pixels, frame))];
    }

    private static void Count(Mask mask, float[] votes, float weight)
    {
        foreach (var run in mask.Runs)
        {
            foreach (ref var vote in votes.AsSpan(run.Start, run.Length))
            {
                vote += weight;
            }
        }
    }

    private static Mask Won(int k, float[] most, byte[] winner, byte[] pixels, Frame frame)
    {
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = most[i] > 0 && winner[i] == k ? (byte)1 : (byte)0;
        }

        return Mask.FromDense(pixels, frame);
    }
}
