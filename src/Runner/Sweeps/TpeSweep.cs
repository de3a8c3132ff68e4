using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>
/// The tree-structured Parzen estimator: each key's values are drawn where good points lie and others do not. Begins with the points that
/// Random would try.
/// </summary>
/// <remarks>
/// Bergstra, Bardenet, Bengio, Kégl 2011, Algorithms for Hyper-Parameter Optimization, NeurIPS 24. Points are split at the quantile gamma of their
/// scores into l(x) and g(x), densities of each key by itself; of some candidates from l the one with the greatest l/g is taken, which is the
/// one with the greatest expected improvement. Options are called as in Optuna's TPESampler.
/// </remarks>
[Named("TPE")]
public sealed record TpeSweep : SweepStrategy
{
    private const int Tries = 100;
    private const int MostGood = 25;

    /// <summary>How many points in all, from 1.</summary>
    [Range(1, 10_000)]
    public int Points { get; init; } = 40;

    /// <summary>How many of them are drawn at random before any score is looked at; --jobs tries these at a time.</summary>
    [Range(1, 10_000)]
    public int NStartupTrials { get; init; } = 10;

    /// <summary>Candidates for each key, of which the best is taken.</summary>
    [Range(1, 10_000)]
    public int NEiCandidates { get; init; } = 24;

    /// <summary>Share of the points that count as good; at most 25 of them do.</summary>
    [Range(0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double Gamma { get; init; } = 0.15;

    /// <inheritdoc/>
    public override bool NeedsScores(int trials) => trials >= NStartupTrials;

    /// <inheritdoc/>
    public override SweepPoint? Propose(SweepSpace space, IReadOnlyList<SweepTrial> trials, long seed)
    {
        if (trials.Count >= Points)
        {
            return null;
        }

        var (good, bad) = Split(trials);
        for (var attempt = 0; NeedsScores(trials.Count) && good.Count > 0 && attempt < Tries; attempt++)
        {
            var point = new SweepPoint([.. space.Axes.Select((axis, i) =>
                (axis.Key, Suggest(axis, [.. good.Select(t => t.Point.Values[i].Value)], [.. bad.Select(t => t.Point.Values[i].Value)], RandomStream.For(seed, "tpe", trials.Count, attempt, axis.Key))))]);
            if (trials.All(t => !t.Point.Equals(point)))
            {
                return point;
            }
        }

        return RandomSweep.Draw(space, trials, seed);
    }

    // Points that failed are as bad as any.
    private (IReadOnlyList<SweepTrial> Good, IReadOnlyList<SweepTrial> Bad) Split(IReadOnlyList<SweepTrial> trials)
    {
        SweepTrial[] scored = [.. trials.Where(t => !double.IsNaN(t.Score)).OrderByDescending(t => t.Score)];
        var good = Math.Min((int)Math.Ceiling(Gamma * scored.Length), MostGood);
        return (scored[..good], [.. scored[good..], .. trials.Where(t => double.IsNaN(t.Score))]);
    }

    private string Suggest(SweepAxis axis, IReadOnlyList<string> good, IReadOnlyList<string> bad, RandomStream stream) => axis is RangeAxis range
        ? Suggest(range, [.. good.Select(range.Place)], [.. bad.Select(range.Place)], stream)
        : Suggest((ListedAxis)axis, good, bad, stream);

    private string Suggest(RangeAxis axis, double[] good, double[] bad, RandomStream stream)
    {
        var (low, high) = axis.Ends;
        var (l, g) = (new ParzenWindow(good, low, high), new ParzenWindow(bad, low, high));
        var (best, greatest) = (string.Empty, double.NegativeInfinity);
        for (var i = 0; i < NEiCandidates; i++)
        {
            // As it will be written: what is rounded is judged rounded.
            var written = axis.Write(l.Draw(ref stream));
            var (from, to) = axis.Cell(written);
            var gain = axis.Whole ? l.LogMass(from, to) - g.LogMass(from, to) : l.LogDensity(from) - g.LogDensity(from);
            (best, greatest) = gain > greatest ? (written, gain) : (best, greatest);
        }

        return best;
    }

    // Each value counts once before any was seen.
    private string Suggest(ListedAxis axis, IReadOnlyList<string> good, IReadOnlyList<string> bad, RandomStream stream)
    {
        double[] l = [.. axis.Values.Select(v => 1.0 + good.Count(g => g == v))];
        double[] g = [.. axis.Values.Select(v => 1.0 + bad.Count(b => b == v))];
        var (best, greatest) = (0, double.NegativeInfinity);
        for (var i = 0; i < NEiCandidates; i++)
        {
            var (place, rest) = (0, stream.NextDouble() * l.Sum());
            while (place < l.Length - 1 && rest >= l[place])
            {
                rest -= l[place++];
            }

            var gain = l[place] / g[place];
            (best, greatest) = gain > greatest ? (place, gain) : (best, greatest);
        }

        return axis.Values[best];
    }
}
