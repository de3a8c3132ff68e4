using System.Text.Json.Nodes;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>One side of a comparison: an experiment, a lock file, a tag or a run.</summary>
/// <param name="Title">For people, e.g. <c>experiment quickstart</c>.</param>
/// <param name="Config">Settings by path.</param>
/// <param name="Inputs">Digests of plugins and data by what they are, e.g. <c>encoder resnet18</c>, <c>data</c>.</param>
/// <param name="Metrics">Numbers by unit or name, e.g. <c>Ensemble dice</c>.</param>
public sealed record ComparedSide(
    string Title,
    IReadOnlyDictionary<string, string> Config,
    IReadOnlyDictionary<string, string> Inputs,
    IReadOnlyDictionary<string, double> Metrics)
{
    /// <summary>The side of a plan and, where there is one, its lock.</summary>
    public static ComparedSide Of(string title, JsonObject? plan, IReadOnlyDictionary<string, LockEntry> units) => new(
        title,
        plan is null ? FactsOf(units) : Map(Flatten.Of(plan)),
        InputsOf(units),
        Map(units.SelectMany(u => u.Value.Metrics.Select(m => ($"{u.Key} {m.Key}", m.Value)))));

    /// <summary>Digests that units were made with: plugins', and of the data, which Convert or Synthesize names.</summary>
    public static IReadOnlyDictionary<string, string> InputsOf(IReadOnlyDictionary<string, LockEntry> units)
    {
        var plugins = units.Values.SelectMany(u => Texts(u.Facts["plugins"]));
        var data = units.Where(u => u.Key == "Convert").SelectMany(u => Texts(u.Value.Facts["inputs"])).Select(i => (i.Item1 == "source" ? "data" : $"data ({i.Item1})", i.Item2));
        var files = units.Values.SelectMany(u => Texts(u.Facts["inputs"])).Where(i => i.Item1.Contains("weights", StringComparison.Ordinal) || i.Item1.StartsWith("architecture.", StringComparison.Ordinal));
        return Map(plugins.Concat(data).Concat(files));
    }

    // A lock alone knows its settings by stage; folds and models that agree are told once.
    private static SortedDictionary<string, string> FactsOf(IReadOnlyDictionary<string, LockEntry> units)
    {
        var facts = units.SelectMany(u => Flatten.Of(u.Value.Facts["config"]).Select(f => (Unit: u.Key, Stage: u.Key.Split('[')[0], f.Name, f.Value))).ToArray();
        return Map(facts.GroupBy(f => (f.Stage, f.Name)).SelectMany(g => g.Select(f => f.Value).Distinct().Count() == 1
            ? [($"{g.Key.Stage}.{g.Key.Name}", g.First().Value)]
            : g.Select(f => ($"{f.Unit}.{f.Name}", f.Value))));
    }

    private static IEnumerable<(string, string)> Texts(JsonNode? node) =>
        (node as JsonObject ?? []).Where(p => p.Value is JsonValue v && v.TryGetValue<string>(out _)).Select(p => (p.Key, p.Value!.GetValue<string>()));

    private static SortedDictionary<string, T> Map<T>(IEnumerable<(string Key, T Value)> pairs)
    {
        var map = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
        {
            map[key] = value;
        }

        return map;
    }
}
