using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>What a sweep is after.</summary>
/// <param name="Metric">A headline number of Train, e.g. val_dice.</param>
/// <param name="Mode">Which way it is better.</param>
public sealed record SweepGoal(string Metric, MetricMode Mode)
{
    /// <summary>The goal of a plan: its mode, or else what the metric is meant for.</summary>
    public static SweepGoal Of(SweepPlan plan) => new(plan.Metric, plan.Mode ?? (IsCost(plan.Metric) ? MetricMode.Min : MetricMode.Max));

    /// <summary>A score of which more is better.</summary>
    public double Gain(double score) => Mode == MetricMode.Max ? score : -score;

    private static bool IsCost(string metric) =>
        metric.Contains("loss", StringComparison.Ordinal) || CaseMetrics.IsCost(metric.StartsWith("val_", StringComparison.Ordinal) ? metric[4..] : metric);
}
