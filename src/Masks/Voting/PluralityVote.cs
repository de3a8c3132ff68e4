namespace Osteon.Masks;

/// <summary>The vote where every pixel has exactly one class: the class most members name wins it, the first of equals.</summary>
public static class PluralityVote
{
    /// <summary>Votes on one image.</summary>
    /// <param name="members">For each member, one mask a class, all in one frame; at most 255 members and 64 classes.</param>
    /// <returns>One mask a class; together they hold each pixel that any member gave a class exactly once.</returns>
    /// <exception cref="ArgumentException">There are no members, too many, or their classes or frames differ.</exception>
    public static Mask[] Vote(IReadOnlyList<IReadOnlyList<Mask>> members)
    {
        if (members.Count is 0 or > byte.MaxValue || members.Any(m => m.Count != members[0].Count || m.Count is 0 or > LabelMap.MaxClasses))
        {
            throw new ArgumentException($"1 to {byte.MaxValue} members with the same classes, at most {LabelMap.MaxClasses}, can vote.", nameof(members));
        }

        var frame = members[0][0].Frame;
        if (members.Any(m => m.Any(mask => mask.Frame != frame)))
        {
            throw new ArgumentException("Masks of different frames cannot vote on the same pixels.", nameof(members));
        }

        var most = new byte[frame.Area];
        var winner = new byte[frame.Area];
        var votes = new byte[frame.Area];
        for (var k = 0; k < members[0].Count; k++)
        {
            Array.Clear(votes);
            foreach (var member in members)
            {
                Count(member[k], votes);
            }

            for (var i = 0; i < votes.Length; i++)
            {
                if (votes[i] > most[i])
                {
                    (most[i], winner[i]) = (votes[i], (byte)k);
                }
            }
        }

        return [.. members[0].Select((_, k) => Won(k, most, winner, votes, frame))];
    }

    private static void Count(Mask mask, byte[] votes)
    {
        foreach (var run in mask.Runs)
        {
            foreach (ref var vote in votes.AsSpan(run.Start, run.Length))
            {
                vote++;
            }
        }
    }

    private static Mask Won(int k, byte[] most, byte[] winner, byte[] pixels, Frame frame)
    {
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = most[i] > 0 && winner[i] == k ? (byte)1 : (byte)0;
        }

        return Mask.FromDense(pixels, frame);
    }
}
