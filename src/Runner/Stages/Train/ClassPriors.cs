using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Training;

namespace Osteon.Runner;

/// <summary>How common each class is, as a network's first guess.</summary>
internal static class ClassPriors
{
    // Keeps a class that is nowhere, or everywhere, in reach of a few hundred steps.
    private const double Least = 1e-4;

    /// <summary>Where a training's logits start.</summary>
    /// <param name="data">Its cases.</param>
    /// <param name="mode">Of masks.</param>
    /// <returns>Null where each class is seen as often as any other, whatever their shares are.</returns>
    public static double[]? Bias(SampleJob data, LabelMode mode) => data.Images is not { } images ? Bias(data.Store, data.Training, mode)
        : data.Sampler is not ShuffleOptions ? null
        : [.. images.Labels.Count(data.Training).Select(n => Math.Log(Math.Max((double)n / data.Training.Count, Least)))];

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

        var pixels = training.Sum(c => (long)c.Shown.Height * c.Shown.Width);
        return [.. areas.Select(area => Math.Clamp((double)area / pixels, Least, 1 - Least))
            .Select(share => mode == LabelMode.Multilabel ? Math.Log(share / (1 - share)) : Math.Log(share))];
    }
}
