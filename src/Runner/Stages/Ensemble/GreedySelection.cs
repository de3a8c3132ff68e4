namespace Osteon.Runner;

/// <summary>One step of a selection.</summary>
/// <param name="Model">What was added.</param>
/// <param name="Dice">Of the bag with it, on validation cases.</param>
public sealed record SelectionStep(string Model, double Dice);

/// <summary>
/// Ensemble selection: beginning with nothing, the model is added that helps most, again and again, one that is in already too; the bag
/// is kept as it was when it was best. What a model counts is how often it is in the bag.
/// </summary>
/// <remarks>Caruana, Niculescu-Mizil, Crew, Ksikes 2004, doi:10.1145/1015330.1015432. Of equals the first model is added, and the smallest bag kept.</remarks>
public static class GreedySelection
{
    /// <summary>Selects.</summary>
    /// <param name="models">Names.</param>
    /// <param name="scores">Of bags, each with a weight a model: the higher the better. Asked once a step for all bags that are new in it.</param>
    /// <param name="steps">Additions at most.</param>
    /// <returns>How often each model is in the bag, and the steps up to there.</returns>
    public static (IReadOnlyList<int> Counts, IReadOnlyList<SelectionStep> Steps) Of(IReadOnlyList<string> models, Func<IReadOnlyList<IReadOnlyList<double>>, IReadOnlyList<double>> scores, int steps)
    {
        var counts = new double[models.Count];
        var taken = new List<(int Model, SelectionStep Step)>();
        var known = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var step = 0; step < steps; step++)
        {
            double[][] bags = [.. Enumerable.Range(0, models.Count).Select(m => counts.Select((count, i) => i == m ? count + 1 : count).ToArray())];
            double[][] unknown = [.. bags.Where(bag => !known.ContainsKey(Key(bag))).DistinctBy(Key)];
            foreach (var (bag, score) in unknown.Zip(unknown.Length == 0 ? [] : scores(unknown)))
            {
                known[Key(bag)] = score;
            }

            var best = Enumerable.Range(0, models.Count).MaxBy(m => known[Key(bags[m])]);
            counts[best]++;
            taken.Add((best, new SelectionStep(models[best], known[Key(bags[best])])));
        }

        var kept = taken.Count == 0 ? 0 : taken.FindIndex(t => t.Step.Dice == taken.Max(o => o.Step.Dice)) + 1;
        return ([.. Enumerable.Range(0, models.Count).Select(m => taken.Take(kept).Count(t => t.Model == m))], [.. taken.Take(kept).Select(t => t.Step)]);

        // Twice the same weights is the same ensemble.
        static string Key(double[] weights)
        {
            var divisor = weights.Where(w => w > 0).Aggregate(0.0, (a, b) => Common(a, b));
            return string.Join(' ', weights.Select(w => w / divisor));
        }
    }

    private static double Common(double a, double b) => b == 0 ? a : Common(b, a % b);
}
