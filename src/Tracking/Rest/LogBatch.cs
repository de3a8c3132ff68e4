using System.Text.Json.Nodes;

namespace Osteon.Tracking;

/// <summary>Metrics, params and tags for one runs/log-batch, never more than MLflow takes.</summary>
internal sealed class LogBatch
{
    /// <summary>mlflow.org, REST API, "Log Batch": 1000 metrics, 100 params, 100 tags, 1000 in all, 1 MB.</summary>
    private const int MostMetrics = 1000, MostParams = 100, MostTags = 100, MostInAll = 1000, MostBytes = 900_000;

    private readonly List<RunEvent> _items = [];
    private readonly Dictionary<string, string> _params = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _tags = new(StringComparer.Ordinal);
    private int _metrics;
    private int _bytes;

    /// <summary>What is in it, in order.</summary>
    public IReadOnlyList<RunEvent> Items => _items;

    /// <summary>Adds an event, unless the batch is full or it cannot stand beside another in one request.</summary>
    public bool TryAdd(RunEvent item)
    {
        // A name twice in one request is refused whole, even with one value.
        if (item is ParamEvent repeated && _params.TryGetValue(repeated.Key, out var stands))
        {
            return stands == repeated.Value;
        }

        if (item is TagEvent again && _tags.TryGetValue(again.Key, out var at))
        {
            _bytes += Size(again);
            _items[at] = again;
            return true;
        }

        var size = Size(item);
        var full = _items.Count >= MostInAll || (_items.Count > 0 && _bytes + size > MostBytes) || item switch
        {
            MetricEvent => _metrics >= MostMetrics,
            ParamEvent => _params.Count >= MostParams,
            _ => _tags.Count >= MostTags,
        };
        if (full)
        {
            return false;
        }

        switch (item)
        {
            case MetricEvent:
                _metrics++;
                break;
            case ParamEvent param:
                _params.Add(param.Key, param.Value);
                break;
            case TagEvent tag:
                _tags.Add(tag.Key, _items.Count);
                break;
        }

        _items.Add(item);
        _bytes += size;
        return true;
    }

    /// <summary>The request's body.</summary>
    public static JsonObject Body(string runId, IReadOnlyList<RunEvent> items) => new()
    {
        ["run_id"] = runId,
        ["metrics"] = new JsonArray([.. items.OfType<MetricEvent>().Select(m => new JsonObject
        {
            ["key"] = m.Key,
            ["value"] = Number(m.Value),
            ["timestamp"] = m.Time,
            ["step"] = m.Step,
        })]),
        ["params"] = new JsonArray([.. items.OfType<ParamEvent>().Select(p => Pair(p.Key, p.Value))]),
        ["tags"] = new JsonArray([.. items.OfType<TagEvent>().Select(t => Pair(t.Key, t.Value))]),
    };

    /// <summary>A key and a value.</summary>
    public static JsonObject Pair(string key, string value) => new() { ["key"] = key, ["value"] = value };

    // JSON has no such numbers; MLflow reads these words.
    private static JsonValue Number(double value) => value switch
    {
        double.NaN => JsonValue.Create("NaN"),
        double.PositiveInfinity => JsonValue.Create("Infinity"),
        double.NegativeInfinity => JsonValue.Create("-Infinity"),
        _ => JsonValue.Create(value),
    };

    // An upper bound: a character escaped as \uXXXX is six bytes.
    private static int Size(RunEvent item) => item switch
    {
        MetricEvent metric => 120 + (6 * metric.Key.Length),
        ParamEvent param => 40 + (6 * (param.Key.Length + param.Value.Length)),
        TagEvent tag => 40 + (6 * (tag.Key.Length + tag.Value.Length)),
        _ => 0,
    };
}
