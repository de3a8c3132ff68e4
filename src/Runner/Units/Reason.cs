using System.Text.Json.Nodes;

namespace Osteon.Runner;

/// <summary>Says in one line why a unit runs again: which fact changed, from what to what.</summary>
public static class Reason
{
    private const int Shown = 40;

    /// <summary>Every difference between two sets of facts, e.g. "config.optimizer.AdamW.lr 0.001 → 0.0003"; empty when they are equal.</summary>
    public static string Of(JsonNode? before, JsonNode? now) => string.Join("; ", Differences(before, now));

    /// <summary>The same one by one.</summary>
    public static IEnumerable<Difference> Differences(JsonNode? before, JsonNode? now) => Differences(before, now, string.Empty);

    private static IEnumerable<Difference> Differences(JsonNode? before, JsonNode? now, string path)
    {
        if (before is JsonObject a && now is JsonObject b)
        {
            return a.Select(p => p.Key).Union(b.Select(p => p.Key)).Order(StringComparer.Ordinal)
                .SelectMany(key => Differences(a[key], b[key], path.Length == 0 ? key : $"{path}.{key}"));
        }

        return JsonNode.DeepEquals(before, now) ? [] : [new Difference(path, Short(before), Short(now))];
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

/// <summary>One fact that is another than before.</summary>
/// <param name="Path">E.g. <c>config.train.epochs</c>.</param>
/// <param name="Before">Short; "(none)" where there was nothing.</param>
/// <param name="Now">Short; "(none)" where there is nothing.</param>
public sealed record Difference(string Path, string Before, string Now)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path} {Before} → {Now}";
}
