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
    /// <param name="score">Of weights, one a model: the higher the better.</param>
    /// <param name="steps">Additions at most.</param>
    /// <returns>How often each model is in the bag, and the steps up to there.</returns>
    public static (IReadOnlyList<int> Counts, IReadOnlyList<SelectionStep> Steps) Of(IReadOnlyList<string> models, Func<IReadOnlyList<double>, double> score, int steps)
    {
        var counts = new double[models.Count];
        var taken = new List<(int Model, SelectionStep Step)>();
        var known = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var step = 0; step < steps; step++)
        {
            var (best, dice) = (-1, double.NegativeInfinity);
            for (var m = 0; m < models.Count; m++)
            {
                counts[m]++;
                var found = Known(counts);
                counts[m]--;
                (best, dice) = found > dice ? (m, found) : (best, dice);
            }

            counts[best]++;
            taken.Add((best, new SelectionStep(models[best], dice)));
        }

        var kept = taken.Count == 0 ? 0 : taken.FindIndex(t => t.Step.Dice == taken.Max(o => o.Step.Dice)) + 1;
        return ([.. Enumerable.Range(0, models.Count).Select(m => taken.Take(kept).Count(t => t.Model == m))], [.. taken.Take(kept).Select(t => t.Step)]);

        // Twice the same weights is the same ensemble.
        double Known(double[] weights)
        {
            var divisor = weights.Where(w => w > 0).Aggregate(0.0, (a, b) => Common(a, b));
            var key = string.Join(' ', weights.Select(w => w / divisor));
            return known.TryGetValue(key, out var there) ? there : known[key] = score(weights);
        }
    }

    private static double Common(double a, double b) => b == 0 ? a : Common(b, a % b);
}
