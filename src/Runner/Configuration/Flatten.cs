using System.Text.Json.Nodes;

namespace Osteon.Runner.Configuration;

/// <summary>A tree of settings as MLflow's flat params: "train.optimizer.AdamW.lr" → "0.001".</summary>
public static class Flatten
{
    /// <summary>Leaves in order; lists of plain values stay together.</summary>
    public static IEnumerable<(string Name, string Value)> Of(JsonNode? node, string path = "")
    {
        return node switch
        {
            JsonObject { Count: > 0 } o => o.SelectMany(p => Of(p.Value, path.Length == 0 ? p.Key : $"{path}.{p.Key}")),
            JsonArray a when a.Any(n => n is JsonObject) => a.SelectMany((n, i) => Of(n, $"{path}.{i}")),
            JsonValue v when v.TryGetValue<string>(out var text) => [(path, text)],
            null => [(path, "null")],
            _ => [(path, node.ToJsonString())],
        };
    }
}
