namespace Osteon.Inference;

/// <summary>How a class does at each candidate threshold, on one case that its network has not learned from.</summary>
/// <param name="Case">Its id.</param>
/// <param name="Group">Cases of one group are kept apart from the others in the check: a fold, or a patient.</param>
/// <param name="Dice">By class, then by candidate.</param>
public sealed record ThresholdCurve(string Case, string Group, IReadOnlyList<IReadOnlyList<double>> Dice);

/// <summary>The threshold of one class.</summary>
/// <param name="Class">Its name.</param>
/// <param name="Threshold">To be used.</param>
/// <param name="Best">The candidate with the highest mean Dice over all cases.</param>
/// <param name="Gain">Its Dice less the standard threshold's on the cases it was chosen on: too good.</param>
/// <param name="NestedGain">The same where each group is judged at the threshold that the other groups chose: what to expect of new cases.</param>
/// <param name="Error">Standard error of the nested gain over cases.</param>
public sealed record TunedThreshold(string Class, double Threshold, double Best, double Gain, double NestedGain, double Error)
{
    /// <summary>True when the choice held.</summary>
    public bool Tuned => NestedGain > Error;
}

/// <summary>
/// Chooses a threshold for each class on out-of-fold predictions, and checks the choosing itself: it is done again without each
/// group, and judged on that group. A class keeps the standard threshold unless this nested gain is above its own standard error.
/// </summary>
/// <remarks>Nested cross-validation: Varma, Simon 2006, doi:10.1186/1471-2105-7-91.</remarks>
public static class ThresholdTuning
{
    private const int LeastGroups = 2;

    /// <summary>5 % to 95 %, and the standard one.</summary>
    public static IReadOnlyList<double> Candidates(double standard) => [.. Enumerable.Range(1, 19).Select(i => i / 20.0).Append(standard).Distinct().Order()];

    /// <summary>Chooses.</summary>
    /// <param name="classes">Names, in the curves' order.</param>
    /// <param name="candidates">Ascending; the standard threshold is one of them.</param>
    /// <param name="standard">What is used where nothing better holds.</param>
    /// <param name="curves">At least one.</param>
    public static IReadOnlyList<TunedThreshold> Of(IReadOnlyList<string> classes, IReadOnlyList<double> candidates, double standard, IReadOnlyList<ThresholdCurve> curves)
    {
        var at = candidates.ToList().IndexOf(standard);
        ArgumentOutOfRangeException.ThrowIfNegative(at, nameof(standard));
        ArgumentOutOfRangeException.ThrowIfZero(curves.Count, nameof(curves));
        string[] groups = [.. curves.Select(c => c.Group).Distinct(StringComparer.Ordinal)];
        return [.. classes.Select((name, k) =>
        {
            var best = Best(curves, k, candidates, at);
            var gain = curves.Average(c => c.Dice[k][best] - c.Dice[k][at]);
            var nested = groups.Length < LeastGroups ? [] : groups.SelectMany(group =>
            {
                var chosen = Best(curves.Where(c => c.Group != group), k, candidates, at);
                return curves.Where(c => c.Group == group).Select(c => c.Dice[k][chosen] - c.Dice[k][at]);
            }).ToArray();
            var (mean, error) = Mean(nested);
            return new TunedThreshold(name, mean > error ? candidates[best] : standard, candidates[best], gain, mean, error);
        })];
    }

    // Of equals the one nearest to the standard threshold.
    private static int Best(IEnumerable<ThresholdCurve> curves, int k, IReadOnlyList<double> candidates, int standard)
    {
        var means = new double[candidates.Count];
        foreach (var curve in curves)
        {
            for (var i = 0; i < means.Length; i++)
            {
                means[i] += curve.Dice[k][i];
            }
        }

        return Enumerable.Range(0, means.Length).OrderByDescending(i => means[i]).ThenBy(i => Math.Abs(i - standard)).First();
    }

    private static (double Mean, double Error) Mean(double[] values)
    {
        if (values.Length < LeastGroups)
        {
            return (0, 0);
        }

        var mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) / values.Length));
    }
}
