namespace Osteon.Masks;

/// <summary>Metrics of one class of one case by name: Dice and IoU, surface distances, and SMP's ratios of pixel counts.</summary>
public static class CaseMetrics
{
    // What is to be small: distances, and SMP's rates of errors.
    private static readonly HashSet<string> Costs = new(StringComparer.Ordinal)
    {
        "hausdorff", "hd95", "average_surface_distance",
        "false_discovery_rate", "false_negative_rate", "false_omission_rate", "false_positive_rate", "negative_likelihood_ratio",
    };

    private static readonly Dictionary<string, Func<SurfaceDistances, double, double>> Surfaces = new(StringComparer.Ordinal)
    {
        ["hausdorff"] = (surfaces, _) => surfaces.Hausdorff(),
        ["hd95"] = (surfaces, _) => surfaces.Hausdorff(95),
        ["average_surface_distance"] = (surfaces, _) => surfaces.Average(),
        ["surface_dice"] = (surfaces, tolerance) => surfaces.Dice(tolerance),
    };

    private static readonly Dictionary<string, Func<PixelCounts, double>> Overlaps = new(StringComparer.Ordinal)
    {
        ["dice"] = counts => counts.Dice(EmptyRule.One),
        ["iou"] = counts => counts.IoU(EmptyRule.One),
    };

    /// <summary>Sorted.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Overlaps.Keys.Concat(Surfaces.Keys).Concat(PixelMetric.ByName.Keys).Order(StringComparer.Ordinal)];

    /// <summary>Whether a smaller value is the better one.</summary>
    public static bool IsCost(string name) => Costs.Contains(name);

    /// <summary>Whether a metric needs the masks, and not only their pixels' counts.</summary>
    public static bool IsOfSurfaces(string name) => Surfaces.ContainsKey(name);

    /// <summary>One metric; NaN where there is nothing to measure.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="counts">The class's pixels.</param>
    /// <param name="surfaces">Their distances, computed when first asked for.</param>
    /// <param name="tolerance">Of surface_dice, in the distances' unit.</param>
    public static double Of(string name, PixelCounts counts, Lazy<SurfaceDistances> surfaces, double tolerance) =>
        Surfaces.TryGetValue(name, out var distance) ? distance(surfaces.Value, tolerance)
        : Overlaps.TryGetValue(name, out var overlap) ? overlap(counts)
        : PixelMetric.ByName[name](counts);

    /// <summary>Several metrics of one class, of the pixels that are judged.</summary>
    /// <param name="prediction">In the truth's frame.</param>
    /// <param name="truth">What is right.</param>
    /// <param name="names">Of <see cref="Names"/>.</param>
    /// <param name="spacing">Size of a pixel.</param>
    /// <param name="tolerance">Of surface_dice, in the spacing's unit.</param>
    /// <param name="judged">Of the case; the truth lies within.</param>
    public static double[] Of(Mask prediction, Mask truth, IReadOnlyList<string> names, Spacing spacing, double tolerance, JudgedPixels judged)
    {
        prediction = judged.Of(prediction);
        var counts = MaskMetrics.Counts(prediction, truth);
        counts = counts with { TrueNegative = counts.TrueNegative - judged.Undecided };
        var surfaces = new Lazy<SurfaceDistances>(() => SurfaceDistances.Between(prediction, truth, spacing, EmptyRule.Skip));
        return [.. names.Select(name => Of(name, counts, surfaces, tolerance))];
    }
}
