using System.Text.Json.Nodes;
using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>Reads infer.folds: all, a number, or a list of numbers.</summary>
internal static class InferFolds
{
    /// <summary>The folds that predict, ascending.</summary>
    public static IReadOnlyList<int> Of(Plan plan) => Read(plan.Infer.Folds, plan.Split.Folds) ?? [.. Enumerable.Range(0, plan.Split.Folds)];

    /// <summary>The folds, or null where they are written in another way.</summary>
    /// <param name="written">Null means all.</param>
    /// <param name="folds">How many there are.</param>
    public static IReadOnlyList<int>? Read(JsonNode? written, int folds) => written switch
    {
        null => [.. Enumerable.Range(0, folds)],
        JsonValue value when value.TryGetValue(out string? text) && text == "all" => [.. Enumerable.Range(0, folds)],
        JsonValue value when Number(value) is { } one && one < folds => [one],
        JsonArray { Count: > 0 } list when list.All(item => Number(item) is { } fold && fold < folds) => [.. list.Select(item => Number(item)!.Value).Distinct().Order()],
        _ => null,
    };

    private static int? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out double number) && number is >= 0 and < 1000 && double.IsInteger(number) ? (int)number
        : node is JsonValue whole && whole.TryGetValue(out long exact) && exact is >= 0 and < 1000 ? (int)exact : null;
}
