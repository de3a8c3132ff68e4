using System.Text.Json.Nodes;

namespace Osteon.Abstractions;

/// <summary>Settings of an experiment to be tried, judged by validation alone.</summary>
public sealed record SweepPlan
{
    /// <summary>How points are chosen: Grid tries all, Random some, TPE those that earlier ones speak for.</summary>
    public Choice Strategy { get; init; } = new("Grid");

    /// <summary>
    /// What is tried, by the key that --set would take, e.g. train.optimizer.AdamW.lr: a list of values, or
    /// {low: 1e-4, high: 1e-2, log: true} for a range of numbers, {low: 2, high: 8, whole: true} for whole ones.
    /// </summary>
    public IReadOnlyDictionary<string, JsonNode> Over { get; init; } = new Dictionary<string, JsonNode>();

    /// <summary>The headline number of Train that is sought for, such as val_iou or lowest_val_loss; the mean over models and folds counts.</summary>
    public string Metric { get; init; } = "val_dice";

    /// <summary>Null: as the metric is meant, so losses, distances and rates of errors small, all else large.</summary>
    public MetricMode? Mode { get; init; }
}
