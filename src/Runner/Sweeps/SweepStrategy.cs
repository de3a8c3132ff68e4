using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>
/// Proposes one point after another. A proposal is a function of the space, the seed and the trials before it alone, so a sweep that was
/// interrupted goes on where it was: the same points are proposed again, and the cache holds their units.
/// </summary>
public abstract record SweepStrategy
{
    /// <summary>The next point; null when enough were tried.</summary>
    /// <param name="space">What may stand where.</param>
    /// <param name="trials">All before it, in order.</param>
    /// <param name="seed">The experiment's.</param>
    /// <exception cref="ConfigurationException">The strategy does not go with the space.</exception>
    public abstract SweepPoint? Propose(SweepSpace space, IReadOnlyList<SweepTrial> trials, long seed);

    /// <summary>Whether the point after so many depends on their scores. All that do not are checked before the first is run, and can run at a time.</summary>
    /// <param name="trials">How many points come before.</param>
    public virtual bool NeedsScores(int trials) => false;
}

/// <summary>Every combination of listed values, the last key fastest.</summary>
[Named("Grid")]
public sealed record GridSweep : SweepStrategy
{
    private const int Most = 10_000;

    /// <inheritdoc/>
    public override SweepPoint? Propose(SweepSpace space, IReadOnlyList<SweepTrial> trials, long seed)
    {
        if (space.Axes.OfType<RangeAxis>().FirstOrDefault() is { } range)
        {
            throw new ConfigurationException($"sweep.over.{range.Key}: is a range, of which a grid cannot try all. List its values, or choose 'strategy: {{Random: {{points: 20}}}}'.");
        }

        ListedAxis[] axes = [.. space.Axes.Cast<ListedAxis>()];
        var all = axes.Aggregate(1.0, (product, axis) => product * axis.Values.Count);
        if (all > Most)
        {
            throw new ConfigurationException($"sweep.over: has {all.ToString(CultureInfo.InvariantCulture)} combinations; at most {Most}. Choose 'strategy: {{Random: {{points: 20}}}}'.");
        }

        var index = trials.Count;
        if (index >= all)
        {
            return null;
        }

        var values = new (string, string)[axes.Length];
        for (var i = axes.Length - 1; i >= 0; i--)
        {
            values[i] = (axes[i].Key, axes[i].Values[index % axes[i].Values.Count]);
            index /= axes[i].Values.Count;
        }

        return new SweepPoint(values);
    }
}

/// <summary>Points drawn evenly from the space, each key by itself.</summary>
/// <remarks>Bergstra, Bengio 2012, Random Search for Hyper-Parameter Optimization, JMLR 13.</remarks>
[Named("Random")]
public sealed record RandomSweep : SweepStrategy
{
    private const int Tries = 100;

    /// <summary>How many, from 1.</summary>
    [Range(1, 10_000)]
    public int Points { get; init; } = 20;

    /// <inheritdoc/>
    public override SweepPoint? Propose(SweepSpace space, IReadOnlyList<SweepTrial> trials, long seed)
    {
        return trials.Count < Points ? Draw(space, trials, seed) : null;
    }

    /// <summary>A point that was not tried yet; null when none is found.</summary>
    internal static SweepPoint? Draw(SweepSpace space, IReadOnlyList<SweepTrial> trials, long seed)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var point = new SweepPoint([.. space.Axes.Select(axis => (axis.Key, Draw(axis, RandomStream.For(seed, "sweep", trials.Count, attempt, axis.Key))))]);
            if (trials.All(t => !t.Point.Equals(point)))
            {
                return point;
            }
        }

        return null;                                                // a small space: all of it was tried
    }

    private static string Draw(SweepAxis axis, RandomStream stream)
    {
        if (axis is ListedAxis listed)
        {
            return listed.Values[stream.NextInt(listed.Values.Count)];
        }

        var range = (RangeAxis)axis;
        var (low, high) = range.Ends;
        return range.Write(stream.NextDouble(low, high));
    }
}
