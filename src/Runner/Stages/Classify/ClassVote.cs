using Osteon.Abstractions;
using Osteon.Metrics;

namespace Osteon.Runner;

/// <summary>Joins what members say of the same images.</summary>
/// <param name="rule">soft: the class with the largest weighted mean of probabilities; hard: the one with most votes by weight, and among equals by that mean.</param>
internal sealed class ClassVote(Voting rule)
{
    /// <summary>The vote on every image.</summary>
    /// <param name="members">Each one's predictions, of the same images in the same order.</param>
    /// <param name="weights">What each counts, at least 0, not all of them 0.</param>
    /// <exception cref="DataException">Members tell of different images.</exception>
    public IReadOnlyList<ClassPrediction> Of(IReadOnlyList<IReadOnlyList<ClassPrediction>> members, IReadOnlyList<double> weights)
    {
        var (taking, sum) = (Enumerable.Range(0, members.Count).Where(m => weights[m] > 0).ToArray(), weights.Sum());
        var first = members[taking[0]];
        if (taking.FirstOrDefault(m => !members[m].Select(p => p.Id).SequenceEqual(first.Select(p => p.Id)), -1) is var other and >= 0)
        {
            throw new DataException($"predictions of member {other + 1}", "are of other images than those of the first. Run Infer again.");
        }

        return
        [
            .. Enumerable.Range(0, first.Count).Select(i =>
            {
                double[] mean = [.. Enumerable.Range(0, first[i].Probabilities.Count).Select(k => taking.Sum(m => weights[m] * members[m][i].Probabilities[k]) / sum)];
                return new ClassPrediction(first[i].Id, null, first[i].Label, rule == Voting.Soft ? ClassificationScores.MostProbable(mean) : MostVotes(mean, [.. taking.Select(m => (members[m][i].Predicted, weights[m]))]), mean);
            }),
        ];
    }

    private static int MostVotes(double[] mean, (int Class, double Weight)[] votes)
    {
        var counts = new double[mean.Length];
        foreach (var (k, weight) in votes)
        {
            counts[k] += weight;
        }

        var most = counts.Max();
        return Enumerable.Range(0, counts.Length).Where(k => counts[k] == most).MaxBy(k => mean[k]);
    }
}
