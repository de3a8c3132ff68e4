using System.Numerics;

namespace Osteon.Masks;

/// <summary>Counts one image's pixels, a <see cref="PixelCounts"/> a class: SMP's <c>get_stats</c> for its modes, from whatever holds the labels.</summary>
public static class PixelTally
{
    /// <summary>Masks of each class, which may overlap; counted on runs.</summary>
    /// <exception cref="ArgumentException">Frames or numbers of masks differ.</exception>
    public static PixelCounts[] OfMasks(IReadOnlyList<Mask> prediction, IReadOnlyList<Mask> truth) => prediction.Count == truth.Count
        ? [.. prediction.Zip(truth, MaskMetrics.Counts)]
        : throw new ArgumentException($"{prediction.Count} masks cannot be compared with {truth.Count}.", nameof(truth));

    /// <summary>Label words, all classes in one pass over both maps.</summary>
    /// <exception cref="ArgumentException">Frames or classes differ.</exception>
    public static PixelCounts[] OfMaps(LabelMap prediction, LabelMap truth)
    {
        if (prediction.Frame != truth.Frame || prediction.Classes != truth.Classes)
        {
            throw new ArgumentException($"Maps of {prediction.Frame} × {prediction.Classes} classes and {truth.Frame} × {truth.Classes} cannot be compared.", nameof(truth));
        }

        return truth.WordBytes switch
        {
            1 => LabelTally<byte>.Count(prediction.Words<byte>(), truth.Words<byte>(), truth.Classes),
            2 => LabelTally<ushort>.Count(prediction.Words<ushort>(), truth.Words<ushort>(), truth.Classes),
            4 => LabelTally<uint>.Count(prediction.Words<uint>(), truth.Words<uint>(), truth.Classes),
            _ => LabelTally<ulong>.Count(prediction.Words<ulong>(), truth.Words<ulong>(), truth.Classes),
        };
    }

    /// <summary>Class numbers, one a pixel (multiclass).</summary>
    /// <param name="prediction">0 to <paramref name="classes"/> − 1; any other number is of no class.</param>
    /// <param name="truth">As many.</param>
    /// <param name="classes">At least 1.</param>
    /// <param name="ignoreIndex">Pixels whose truth is this do not count.</param>
    /// <exception cref="ArgumentException">Lengths differ, or the ignored number is a class.</exception>
    public static PixelCounts[] OfLabels<T>(ReadOnlySpan<T> prediction, ReadOnlySpan<T> truth, int classes, int? ignoreIndex = null)
        where T : unmanaged, IBinaryInteger<T>
    {
        DemandEqual(prediction.Length, truth.Length);
        if (ignoreIndex is { } ignored && ignored >= 0 && ignored < classes)
        {
            throw new ArgumentException($"ignore_index {ignored} is one of the classes 0 to {classes - 1}; take a number beside them.", nameof(ignoreIndex));
        }

        // Index 0 is for whatever is no class.
        var (predicted, present, both, all) = (new long[classes + 1], new long[classes + 1], new long[classes + 1], 0L);
        for (var i = 0; i < truth.Length; i++)
        {
            var (p, t) = (int.CreateSaturating(prediction[i]), int.CreateSaturating(truth[i]));
            if (t != ignoreIndex)
            {
                var (a, b) = ((uint)p < (uint)classes ? p + 1 : 0, (uint)t < (uint)classes ? t + 1 : 0);
                predicted[a]++;
                present[b]++;
                both[a] += a == b ? 1 : 0;
                all++;
            }
        }

        return [.. Enumerable.Range(1, classes).Select(k => new PixelCounts(both[k], predicted[k] - both[k], present[k] - both[k], all - predicted[k] - present[k] + both[k]))];
    }

    /// <summary>Zeros and ones, class after class (binary or multilabel); every value but 0 is set.</summary>
    /// <exception cref="ArgumentException">Lengths differ, or are no multiple of the classes.</exception>
    public static PixelCounts[] OfPlanes(ReadOnlySpan<byte> prediction, ReadOnlySpan<byte> truth, int classes)
    {
        var plane = Plane(prediction.Length, truth.Length, classes);
        var counts = new PixelCounts[classes];
        for (var k = 0; k < classes; k++)
        {
            counts[k] = MaskMetrics.Counts(
                Mask.FromDense(prediction.Slice(k * plane, plane), new Frame(1, plane)), Mask.FromDense(truth.Slice(k * plane, plane), new Frame(1, plane)));
        }

        return counts;
    }

    /// <summary>Probabilities, class after class (binary or multilabel); set from the threshold up, in both alike.</summary>
    /// <exception cref="ArgumentException">Lengths differ, or are no multiple of the classes.</exception>
    public static PixelCounts[] OfPlanes(ReadOnlySpan<float> prediction, ReadOnlySpan<float> truth, int classes, float threshold)
    {
        var plane = Plane(prediction.Length, truth.Length, classes);
        var below = float.BitDecrement(threshold);                  // Mask.FromThreshold takes what is above
        var counts = new PixelCounts[classes];
        for (var k = 0; k < classes; k++)
        {
            counts[k] = MaskMetrics.Counts(
                Mask.FromThreshold(prediction.Slice(k * plane, plane), new Frame(1, plane), below), Mask.FromThreshold(truth.Slice(k * plane, plane), new Frame(1, plane), below));
        }

        return counts;
    }

    private static int Plane(int prediction, int truth, int classes)
    {
        DemandEqual(prediction, truth);
        return classes >= 1 && truth >= classes && truth % classes == 0
            ? truth / classes
            : throw new ArgumentException($"{truth} pixels are no {classes} planes.", nameof(classes));
    }

    private static void DemandEqual(int prediction, int truth)
    {
        if (prediction != truth)
        {
            throw new ArgumentException($"{prediction} predicted pixels cannot be compared with {truth}.", nameof(truth));
        }
    }
}
