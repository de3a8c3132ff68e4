using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>A number, and the interval in which it would fall with other patients of the same kind 95 times of 100.</summary>
/// <param name="Mean">As measured.</param>
/// <param name="Low">The 2.5th percentile of the resamples.</param>
/// <param name="High">The 97.5th percentile.</param>
public sealed record Estimate(double Mean, double Low, double High);

/// <summary>
/// Percentile bootstrap over patients: a resample draws as many patients as there are, with replacement, and each brings all of
/// its cases, for cases of one patient are alike. Images resampled one by one would make intervals look narrower than they are.
/// </summary>
/// <remarks>
/// Efron, Tibshirani 1993, An Introduction to the Bootstrap, chapter 13; clusters: Field, Welsh 2007, doi:10.1111/j.1467-9868.2007.00593.x.
/// The streams are keyed by the resample alone, so experiments on the same patients are resampled alike, and equal scores have equal intervals.
/// </remarks>
public static class Bootstrap
{
    /// <summary>Resamples, enough for two digits of a percentile.</summary>
    public const int Resamples = 2000;

    /// <summary>Estimates of every class, and of the mean over classes.</summary>
    /// <param name="cases">Patient and one number a class of each case, none NaN.</param>
    /// <param name="resamples">How often patients are drawn.</param>
    /// <returns>A class's number is its mean over cases, the headline the mean over classes: the challenge's rule, in each resample anew.</returns>
    /// <exception cref="ArgumentException">There is no case.</exception>
    public static (Estimate Headline, IReadOnlyList<Estimate> Classes) Of(IReadOnlyList<(string Patient, IReadOnlyList<double> Values)> cases, int resamples = Resamples)
    {
        if (cases.Count == 0)
        {
            throw new ArgumentException("There is no case to estimate from.", nameof(cases));
        }

        var count = cases[0].Values.Count;
        var patients = cases.GroupBy(c => c.Patient, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (Sums: Enumerable.Range(0, count).Select(k => g.Sum(c => c.Values[k])).ToArray(), Cases: g.Count())).ToArray();
        var byClass = Enumerable.Range(0, count).Select(_ => new double[resamples]).ToArray();
        var headline = new double[resamples];
        var sums = new double[count];
        for (var b = 0; b < resamples; b++)
        {
            var stream = RandomStream.For(0, "bootstrap", b);
            Array.Clear(sums);
            var drawn = 0;
            for (var i = 0; i < patients.Length; i++)
            {
                var patient = patients[stream.NextInt(patients.Length)];
                drawn += patient.Cases;
                for (var k = 0; k < count; k++)
                {
                    sums[k] += patient.Sums[k];
                }
            }

            for (var k = 0; k < count; k++)
            {
                byClass[k][b] = sums[k] / drawn;
            }

            headline[b] = sums.Sum() / drawn / count;
        }

        double[] means = [.. Enumerable.Range(0, count).Select(k => cases.Average(c => c.Values[k]))];
        return (Estimated(means.Average(), headline), [.. means.Select((mean, k) => Estimated(mean, byClass[k]))]);
    }

    /// <summary>Estimates of scores that are no means over cases, such as an area under a curve: each resample is scored anew.</summary>
    /// <param name="patients">Of each case.</param>
    /// <param name="names">Scores.</param>
    /// <param name="score">The scores of cases, by their places; a case drawn twice stands there twice.</param>
    /// <param name="resamples">How often patients are drawn. Those in which a score cannot be measured say nothing of it.</param>
    public static IReadOnlyDictionary<string, Estimate> Of(IReadOnlyList<string> patients, IReadOnlyList<string> names, Func<IReadOnlyList<int>, Metrics.ClassificationScores> score, int resamples = Resamples)
    {
        var groups = patients.Index().GroupBy(p => p.Item, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Select(p => p.Index).ToArray()).ToArray();
        var resampled = new Metrics.ClassificationScores[resamples];
        Parallel.For(0, resamples, b =>
        {
            var stream = RandomStream.For(0, "bootstrap", b);
            var drawn = new List<int>(patients.Count);
            for (var i = 0; i < groups.Length; i++)
            {
                drawn.AddRange(groups[stream.NextInt(groups.Length)]);
            }

            resampled[b] = score(drawn);
        });
        var whole = score([.. Enumerable.Range(0, patients.Count)]);
        return names.ToDictionary(name => name, name => Estimated(whole[name], [.. resampled.Select(s => s[name]).Where(double.IsFinite)]), StringComparer.Ordinal);
    }

    private static Estimate Estimated(double mean, double[] resampled)
    {
        if (resampled.Length == 0)
        {
            return new Estimate(mean, double.NaN, double.NaN);
        }

        Array.Sort(resampled);
        return new Estimate(mean, Percentile(resampled, 0.025), Percentile(resampled, 0.975));
    }

    // Linear between neighbours: NumPy's default, Hyndman and Fan's type 7.
    private static double Percentile(double[] sorted, double share)
    {
        var at = share * (sorted.Length - 1);
        var below = (int)Math.Floor(at);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }
}
