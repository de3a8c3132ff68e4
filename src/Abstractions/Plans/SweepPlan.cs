using System.Text.Json.Nodes;

namespace Osteon.Abstractions;

/// <summary>Settings of an experiment to be tried one after the other, judged by validation alone.</summary>
public sealed record SweepPlan
{
    /// <summary>How points are chosen: Grid tries all, Random some.</summary>
    public Choice Strategy { get; init; } = new("Grid");

    /// <summary>
    /// What is tried, by the key that --set would take, e.g. train.optimizer.AdamW.lr: a list of values, or
    /// {low: 1e-4, high: 1e-2, log: true} for a range of numbers, {low: 2, high: 8, whole: true} for whole ones.
    /// </summary>
    public IReadOnlyDictionary<string, JsonNode> Over { get; init; } = new Dictionary<string, JsonNode>();

    /// <summary>The headline number of Train to be as large as possible; the mean over models and folds counts.</summary>
    public string Metric { get; init; } = "val_dice";
}
