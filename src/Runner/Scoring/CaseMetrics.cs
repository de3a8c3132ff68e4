using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>Measures one class of one case; NaN where there is nothing to measure.</summary>
/// <param name="counts">Its pixels.</param>
/// <param name="surfaces">Their distances, computed when first asked for.</param>
/// <param name="plan">Spacing and tolerance.</param>
internal delegate double CaseMetric(PixelCounts counts, Lazy<SurfaceDistances> surfaces, ReportPlan plan);

/// <summary>What <c>report.metrics</c> can name.</summary>
internal static class CaseMetrics
{
    private static readonly Dictionary<string, CaseMetric> ByName = new(StringComparer.Ordinal)
    {
        ["dice"] = (counts, _, _) => counts.Dice(EmptyRule.One),
        ["iou"] = (counts, _, _) => counts.IoU(EmptyRule.One),
        ["hausdorff"] = (_, surfaces, _) => surfaces.Value.Hausdorff(),
        ["hd95"] = (_, surfaces, _) => surfaces.Value.Hausdorff(95),
        ["average_surface_distance"] = (_, surfaces, _) => surfaces.Value.Average(),
        ["surface_dice"] = (_, surfaces, plan) => surfaces.Value.Dice(plan.Tolerance),
    };

    /// <summary>Sorted.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys.Concat(PixelMetric.ByName.Keys).Order(StringComparer.Ordinal)];

    /// <summary>Each of the plan's metrics, of one class.</summary>
    public static double[] Of(Mask prediction, Mask truth, ReportPlan plan)
    {
        var counts = MaskMetrics.Counts(prediction, truth);
        var surfaces = new Lazy<SurfaceDistances>(() => SurfaceDistances.Between(prediction, truth, plan.Spacing, EmptyRule.Skip));
        return [.. plan.Metrics.Select(name => ByName.TryGetValue(name, out var metric) ? metric(counts, surfaces, plan) : PixelMetric.ByName[name](counts))];
    }
}
