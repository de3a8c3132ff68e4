using System.Text.Json.Nodes;

namespace Osteon.Runner;

/// <summary>Says in one line why a unit runs again: which fact changed, from what to what.</summary>
public static class Reason
{
    private const int Shown = 40;

    /// <summary>Every difference between two sets of facts, e.g. "config.optimizer.AdamW.lr 0.001 → 0.0003"; empty when they are equal.</summary>
    public static string Of(JsonNode? before, JsonNode? now) => string.Join("; ", Differences(before, now, string.Empty));

    private static IEnumerable<string> Differences(JsonNode? before, JsonNode? now, string path)
    {
        if (before is JsonObject a && now is JsonObject b)
        {
            return a.Select(p => p.Key).Union(b.Select(p => p.Key)).Order(StringComparer.Ordinal)
                .SelectMany(key => Differences(a[key], b[key], path.Length == 0 ? key : $"{path}.{key}"));
        }

        return JsonNode.DeepEquals(before, now) ? [] : [$"{path} {Short(before)} → {Short(now)}"];
    }

    private static string Short(JsonNode? node)
    {
        var text = node switch
        {
            null => "(none)",
            JsonValue value when value.TryGetValue<string>(out var s) => s,
            _ => node.ToJsonString(),
        };
        return IsHash(text) ? text[..8] : text.Length > Shown ? $"{text[..(Shown - 1)]}…" : text;
    }

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit);
}
