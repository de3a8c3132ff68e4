using Osteon.Abstractions;

namespace Osteon.Training;

/// <summary>Which cases an epoch draws, as an experiment names it under train.sampler.</summary>
public abstract record SamplerOptions
{
    private protected SamplerOptions()
    {
    }

    /// <summary>Chooses a case for each draw of an epoch.</summary>
    /// <param name="cases">The training cases.</param>
    /// <param name="draws">How many are drawn.</param>
    /// <param name="random">The epoch's own.</param>
    /// <returns>Places in <paramref name="cases"/>.</returns>
    internal abstract int[] Draw(TrainingCases cases, int draws, RandomStream random);

    /// <summary>Why it does not go with these cases; null where it does.</summary>
    internal virtual string? ClashWith(TrainingCases cases) => null;

    /// <summary>As many draws as weights allow: place i with probability weight i / sum.</summary>
    private protected static int[] DrawWeighted(IReadOnlyList<double> weights, int draws, RandomStream random)
    {
        var ends = new double[weights.Count];
        var sum = 0.0;
        for (var i = 0; i < ends.Length; i++)
        {
            ends[i] = sum += weights[i];
        }

        var places = new int[draws];
        for (var i = 0; i < draws; i++)
        {
            var found = Array.BinarySearch(ends, random.NextDouble() * sum);
            places[i] = Math.Min(found < 0 ? ~found : found + 1, ends.Length - 1);
            while (weights[places[i]] == 0)
            {
                places[i]--;                                        // the last ones may weigh nothing
            }
        }

        return places;
    }
}

/// <summary>Every case as often as every other, in random order.</summary>
[Named("Shuffle")]
public sealed record ShuffleOptions : SamplerOptions
{
    internal override int[] Draw(TrainingCases cases, int draws, RandomStream random)
    {
        var places = new int[draws];
        for (var i = 0; i < draws; i++)
        {
            places[i] = i % cases.Count;
        }

        random.Shuffle(places.AsSpan());
        return places;
    }
}

/// <summary>
/// Each draw takes a class first, each as likely as any other, then a case that has it: rare classes are seen as often as common ones.
/// Cases without any class are not drawn. With replacement.
/// </summary>
[Named("ClassBalanced")]
public sealed record ClassBalancedOptions : SamplerOptions
{
    internal override int[] Draw(TrainingCases cases, int draws, RandomStream random)
    {
        var holders = cases.ByClass;
        var places = new int[draws];
        for (var i = 0; i < draws; i++)
        {
            var having = holders[random.NextInt(holders.Count)];
            places[i] = having[random.NextInt(having.Count)];
        }

        return places;
    }

    internal override string? ClashWith(TrainingCases cases) =>
        cases.ByClass.Count > 0 ? null : "train.sampler is ClassBalanced, but no training case has a pixel of any class. Use Shuffle.";
}

/// <summary>Each draw takes a case with a probability in proportion to its weight, with replacement.</summary>
[Named("Weighted")]
public sealed record WeightedOptions : SamplerOptions
{
    /// <summary>What weights are given by: id, patient, or a key of the cases' metadata such as sex.</summary>
    public string By { get; init; } = "id";

    /// <summary>Weights of its values, at least 0.</summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    /// <summary>The weight of cases whose value is not named.</summary>
    public double Default { get; init; } = 1;

    internal override int[] Draw(TrainingCases cases, int draws, RandomStream random) => DrawWeighted(WeightsOf(cases), draws, random);

    internal override string? ClashWith(TrainingCases cases)
    {
        if (Default < 0 || !double.IsFinite(Default) || Weights.Values.Any(w => w < 0 || !double.IsFinite(w)))
        {
            return "train.sampler.Weighted: weights are at least 0.";
        }

        var values = Enumerable.Range(0, cases.Count).Select(i => ValueOf(cases[i].Case.Source)).ToHashSet(StringComparer.Ordinal);
        var unknown = Weights.Keys.Where(k => !values.Contains(k)).Order(StringComparer.Ordinal).ToArray();
        return unknown.Length > 0 && By != "id" && By != "patient"
            ? $"train.sampler.Weighted: no training case has {By} '{unknown[0]}'; there are {string.Join(", ", values.Order(StringComparer.Ordinal).Take(8).Select(v => v.Length == 0 ? "(none)" : $"'{v}'"))}."
            : WeightsOf(cases).Any(w => w > 0) ? null : "train.sampler.Weighted: every training case has weight 0.";
    }

    private double[] WeightsOf(TrainingCases cases) => [.. Enumerable.Range(0, cases.Count).Select(i => Weights.GetValueOrDefault(ValueOf(cases[i].Case.Source), Default))];

    private string ValueOf(CaseSource source) => By switch
    {
        "id" => source.Id,
        "patient" => source.Patient,
        _ => source.Metadata.GetValueOrDefault(By, string.Empty),
    };
}
