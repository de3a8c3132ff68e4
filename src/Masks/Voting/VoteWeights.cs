namespace Osteon.Masks;

/// <summary>What each member of a vote counts, in whole millionths, so that sums are exact whatever their order.</summary>
public sealed class VoteWeights
{
    private const double Unit = 1e6;

    private readonly long[] _units;
    private readonly long _needed;

    private VoteWeights(long[] units, long needed) => (_units, _needed) = (units, needed);

    /// <summary>Members.</summary>
    public int Count => _units.Length;

    /// <summary>What a pixel's members must count together.</summary>
    public double Needed => _needed / Unit;

    /// <summary>All members' weights together.</summary>
    public double Total => _units.Sum() / Unit;

    internal ReadOnlySpan<long> Units => _units;

    internal long NeededUnits => _needed;

    /// <summary>A rule.</summary>
    /// <param name="weights">One a member, at least 0 and at most a million, not all 0.</param>
    /// <param name="minVotes">What a pixel's members must count together; 0: more than half of all. Above the total, it is the total.</param>
    /// <param name="tiesSet">With 0: whether exactly half suffices.</param>
    /// <exception cref="ArgumentException">There is no member, or a weight is out of range.</exception>
    public static VoteWeights Of(IReadOnlyList<double> weights, double minVotes, bool tiesSet)
    {
        if (weights.Count is 0 or > HardVote.MaxMembers || weights.Any(w => !(w is >= 0 and <= 1e6)))
        {
            throw new ArgumentException($"A vote has 1 to {HardVote.MaxMembers} members of weights from 0 to a million.", nameof(weights));
        }

        long[] units = [.. weights.Select(w => (long)Math.Round(w * Unit))];
        var total = units.Sum();
        if (total == 0)
        {
            throw new ArgumentException("All weights are 0: nobody votes.", nameof(weights));
        }

        var needed = minVotes > 0 ? Math.Min((long)Math.Round(minVotes * Unit), total) : tiesSet ? (total + 1) / 2 : (total / 2) + 1;
        return new VoteWeights(units, Math.Max(1, needed));
    }
}
