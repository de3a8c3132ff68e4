using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>Weights of classes from how common they are, as <c>train.class_weights</c> names them.</summary>
/// <remarks>Pixels are those of the training cases' labels at their original size; images count as pixels where they are classified. A class that none of them has weighs 1.</remarks>
public abstract record ClassWeighting
{
    private protected ClassWeighting()
    {
    }

    /// <summary>A weight a class.</summary>
    /// <param name="classes">How common each is.</param>
    public double[] Of(IReadOnlyList<ClassFrequency> classes) =>
        classes.Any(c => c.Pixels > 0) ? Weigh(classes) : [.. classes.Select(_ => 1.0)];

    /// <summary>Reads <c>train.class_weights</c>.</summary>
    /// <param name="written">Numbers, a rule's name, or a rule with its options.</param>
    /// <param name="classes">How many there are; 0 when that is not known yet.</param>
    /// <param name="faults">Takes what is wrong, as it stands behind the key.</param>
    /// <returns>Given numbers or a rule; neither after a fault.</returns>
    public static (double[]? Given, ClassWeighting? Rule) Read(JsonNode written, int classes, ICollection<string> faults)
    {
        const string Expected = "expected a number for each class, as in [1, 2, 5], balanced, median_frequency, effective_number, or {effective_number: {beta: 0.9999}}";
        try
        {
            switch (written)
            {
                case JsonArray list:
                    var numbers = list.Select(n => n is JsonValue v && (v.TryGetValue(out double d) || (v.TryGetValue(out long l) && (d = l) is var _)) ? d : double.NaN).ToArray();
                    if (numbers.Any(n => n is not (>= 0 and < double.PositiveInfinity)) || numbers.All(n => n == 0))
                    {
                        faults.Add($"is {CanonicalJson.Text(written)}; expected numbers of at least 0, not all of them 0.");
                    }
                    else if (classes > 0 && numbers.Length != classes)
                    {
                        faults.Add($"has {numbers.Length} numbers, the experiment {classes} classes; expected one for each.");
                    }
                    else
                    {
                        return (numbers, null);
                    }

                    break;
                case JsonValue name when name.TryGetValue(out string? rule):
                    return (null, OptionsBinder.Bind<ClassWeighting>("train.class_weights", new Choice(rule)));
                case JsonObject { Count: 1 } map when map.Single() is { Value: JsonObject or null } only:
                    return (null, OptionsBinder.Bind<ClassWeighting>("train.class_weights", new Choice(only.Key, (JsonObject?)only.Value?.DeepClone() ?? [])));
                default:
                    faults.Add($"is {CanonicalJson.Text(written)}; {Expected}.");
                    break;
            }
        }
        catch (ConfigurationException e)
        {
            foreach (var fault in e.Faults)
            {
                faults.Add(fault["train.class_weights".Length..].TrimStart());
            }
        }

        return (null, null);
    }

    /// <summary>How common each class is among training cases.</summary>
    public static IReadOnlyList<ClassFrequency> Count(CaseStore store, IReadOnlyList<StoredCase> training)
    {
        var counts = new ClassFrequency[store.Classes.Count];
        foreach (var stored in training)
        {
            var truth = store.ReadTruth(stored);
            for (var k = 0; k < counts.Length; k++)
            {
                if (truth[k].Area is var area and > 0)
                {
                    counts[k] = new ClassFrequency(counts[k].Pixels + area, counts[k].PixelsOfCases + stored.Shown.Area);
                }
            }
        }

        return counts;
    }

    /// <summary>How many training images each class has, where images are classified: they stand for pixels.</summary>
    public static IReadOnlyList<ClassFrequency> Count(CaseLabels labels, IReadOnlyList<StoredCase> training) =>
        [.. labels.Count(training).Select(n => new ClassFrequency(n, training.Count))];

    /// <summary>Some class has pixels.</summary>
    private protected abstract double[] Weigh(IReadOnlyList<ClassFrequency> classes);
}

/// <summary>How common a class is.</summary>
/// <param name="Pixels">Of the class.</param>
/// <param name="PixelsOfCases">All pixels of the cases that have it.</param>
public readonly record struct ClassFrequency(long Pixels, long PixelsOfCases);

/// <summary>Inverse frequency: all labelled pixels / (classes × the class's pixels), as scikit-learn's class_weight="balanced".</summary>
[Named("balanced")]
public sealed record BalancedWeighting : ClassWeighting
{
    private protected override double[] Weigh(IReadOnlyList<ClassFrequency> classes)
    {
        var present = classes.Count(c => c.Pixels > 0);
        var all = classes.Sum(c => (double)c.Pixels);
        return [.. classes.Select(c => c.Pixels == 0 ? 1 : all / (present * (double)c.Pixels))];
    }
}

/// <summary>The median of all classes' frequencies / the class's, where a frequency is its share of the cases that have it.</summary>
/// <remarks>Eigen, Fergus 2015, arXiv:1411.4734, section 6.3.2.</remarks>
[Named("median_frequency")]
public sealed record MedianFrequencyWeighting : ClassWeighting
{
    private protected override double[] Weigh(IReadOnlyList<ClassFrequency> classes)
    {
        double[] frequencies = [.. classes.Where(c => c.Pixels > 0).Select(Frequency).Order()];
        var middle = frequencies.Length / 2;
        var median = frequencies.Length % 2 == 1 ? frequencies[middle] : (frequencies[middle - 1] + frequencies[middle]) / 2;
        return [.. classes.Select(c => c.Pixels == 0 ? 1 : median / Frequency(c))];
    }

    private static double Frequency(ClassFrequency c) => (double)c.Pixels / c.PixelsOfCases;
}

/// <summary>(1 − beta) / (1 − beta^pixels), scaled so that the weights' mean is 1.</summary>
/// <remarks>Cui et al. 2019, arXiv:1901.05555, section 3. Near 1, beta weighs by the inverse frequency; at 0, all classes alike.</remarks>
[Named("effective_number")]
public sealed record EffectiveNumberWeighting : ClassWeighting
{
    /// <summary>(N − 1) / N, where N is the number of pixels from which more of them say nothing new. Null: N is the number of all labelled pixels.</summary>
    [Range(0, 1.0, MaximumIsExclusive = true)]
    public double? Beta { get; init; }

    private protected override double[] Weigh(IReadOnlyList<ClassFrequency> classes)
    {
        var beta = Beta ?? 1 - (1 / classes.Sum(c => (double)c.Pixels));
        double[] inverse = [.. classes.Select(c => c.Pixels == 0 ? 0 : (1 - beta) / (1 - Math.Pow(beta, c.Pixels)))];
        var mean = inverse.Where(w => w > 0).Average();
        return [.. inverse.Select(w => w == 0 ? 1 : w / mean)];
    }
}
