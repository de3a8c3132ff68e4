using Osteon.Abstractions;

namespace Osteon.Datasets;

/// <summary>A part of a split while it fills.</summary>
internal sealed class SplitPart
{
    private int[] _shown = [];

    public SplitPart(IEnumerable<SplitGroup> groups)
    {
        foreach (var group in groups)
        {
            Add(group);
        }
    }

    public List<SplitGroup> Groups { get; } = [];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Shown => _shown;

    public void Add(SplitGroup group)
    {
        Groups.Add(group);
        Account(group, 1);
    }

    public void Exchange(int index, SplitGroup by)
    {
        Account(Groups[index], -1);
        Groups[index] = by;
        Account(by, 1);
    }

    /// <summary>How much the part already shows of the group's strata, each weighed by its rarity.</summary>
    public double Crowding(SplitGroup group, int[] total)
    {
        var sum = 0.0;
        for (var k = 0; k < _shown.Length; k++)
        {
            sum += group.Shown[k] > 0 ? (double)_shown[k] * group.Shown[k] / ((double)total[k] * total[k]) : 0;
        }

        return sum;
    }

    private void Account(SplitGroup group, int sign)
    {
        _shown = _shown.Length == 0 ? new int[group.Shown.Length] : _shown;
        Count += sign * group.Cases.Count;
        for (var k = 0; k < _shown.Length; k++)
        {
            _shown[k] += sign * group.Shown[k];
        }
    }
}

/// <summary>How alike the parts of a split are.</summary>
internal static class SplitBalance
{
    private const int Trials = 20_000;

    public static int[] Total(IReadOnlyList<SplitGroup> groups)
    {
        var total = new int[groups.Count == 0 ? 0 : groups[0].Shown.Length];
        foreach (var group in groups)
        {
            for (var k = 0; k < total.Length; k++)
            {
                total[k] += group.Shown[k];
            }
        }

        return total;
    }

    /// <summary>Tries exchanges drawn by chance and keeps those that bring the strata's counts closer to each part's share of the groups.</summary>
    public static void Improve(SplitPart[] parts, ref RandomStream random, bool sameSize)
    {
        SplitGroup[] all = [.. parts.SelectMany(p => p.Groups)];
        var total = Total(all);
        double cases = all.Sum(g => g.Cases.Count);
        if (parts.Length < 2 || parts.Any(p => p.Groups.Count == 0) || (total.Length == 0 && sameSize))
        {
            return;
        }

        // A part's share of the cases is the share of each stratum that is due to it; where sizes may change, of the groups.
        var due = parts.Select(p => sameSize ? p.Count / cases : (double)p.Groups.Count / all.Length).ToArray();
        for (var trial = 0; trial < Trials; trial++)
        {
            var (a, b) = (random.NextInt(parts.Length), random.NextInt(parts.Length));
            if (a == b)
            {
                continue;
            }

            var (i, j) = (random.NextInt(parts[a].Groups.Count), random.NextInt(parts[b].Groups.Count));
            var (x, y) = (parts[a].Groups[i], parts[b].Groups[j]);
            if ((!sameSize || x.Cases.Count == y.Cases.Count) && Gain(parts[a], due[a], x, y) + Gain(parts[b], due[b], y, x) > 1e-12)
            {
                parts[a].Exchange(i, y);
                parts[b].Exchange(j, x);
            }
        }

        // What the part's distance from its due shrinks by when one group replaces another.
        double Gain(SplitPart part, double share, SplitGroup gone, SplitGroup come)
        {
            var gain = Square(part.Count - (share * cases)) - Square(part.Count - gone.Cases.Count + come.Cases.Count - (share * cases));
            gain /= cases;
            for (var k = 0; k < total.Length; k++)
            {
                if (total[k] > 0 && gone.Shown[k] != come.Shown[k])
                {
                    gain += (Square(part.Shown[k] - (share * total[k])) - Square(part.Shown[k] - gone.Shown[k] + come.Shown[k] - (share * total[k]))) / total[k];
                }
            }

            return gain;
        }
    }

    private static double Square(double x) => x * x;
}
