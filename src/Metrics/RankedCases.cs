namespace Osteon.Metrics;

/// <summary>Cases from the greatest score to the smallest. Those of equal scores come together: no threshold parts them, so no order among them may count.</summary>
internal static class RankedCases
{
    /// <summary>For every score that occurs, the greatest first: how many cases reach it.</summary>
    /// <param name="positive">Whether a case is of the class.</param>
    /// <param name="scores">The greater, the more of the class it looks; any order-preserving scale.</param>
    /// <exception cref="ArgumentException">Not one score a case, or one that is not a number.</exception>
    public static IReadOnlyList<(double Score, int TruePositives, int FalsePositives)> Of(IReadOnlyList<bool> positive, IReadOnlyList<double> scores)
    {
        if (positive.Count != scores.Count)
        {
            throw new ArgumentException($"{positive.Count} cases and {scores.Count} scores; there must be one a case.", nameof(scores));
        }

        int[] order = [.. Enumerable.Range(0, scores.Count)];
        for (var i = 0; i < order.Length; i++)
        {
            if (double.IsNaN(scores[i]))
            {
                throw new ArgumentException($"The score of case {i} is not a number, and cannot be ranked.", nameof(scores));
            }
        }

        Array.Sort(order, (a, b) => scores[b].CompareTo(scores[a]));
        var ranked = new List<(double, int, int)>();
        var (found, taken) = (0, 0);
        for (var i = 0; i < order.Length; i++)
        {
            var (score, hit) = (scores[order[i]], positive[order[i]]);
            (found, taken) = (found + (hit ? 1 : 0), taken + (hit ? 0 : 1));
            if (i + 1 == order.Length || scores[order[i + 1]] != score)
            {
                ranked.Add((score, found, taken));
            }
        }

        return ranked;
    }
}
