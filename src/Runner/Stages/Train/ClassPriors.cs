using Osteon.Abstractions;
using Osteon.Datasets;

namespace Osteon.Runner;

/// <summary>How common each class is, as a network's first guess.</summary>
internal static class ClassPriors
{
    // Keeps a class that is nowhere, or everywhere, in reach of a few hundred steps.
    private const double Least = 1e-4;

    /// <summary>The logit (multilabel) or log (multiclass) of each class's share of the training pixels.</summary>
    public static double[] Bias(CaseStore store, IReadOnlyList<StoredCase> training, LabelMode mode)
    {
        var areas = new long[store.Classes.Count];
        foreach (var stored in training)
        {
            var truth = store.ReadTruth(stored);
            for (var k = 0; k < areas.Length; k++)
            {
                areas[k] += truth[k].Area;
            }
        }

        var pixels = training.Sum(c => (long)c.Original.Height * c.Original.Width);
        return [.. areas.Select(area => Math.Clamp((double)area / pixels, Least, 1 - Least))
            .Select(share => mode == LabelMode.Multilabel ? Math.Log(share / (1 - share)) : Math.Log(share))];
    }
}
