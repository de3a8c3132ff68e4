using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Runner.Plugins;

namespace Osteon.Runner.Configuration;

/// <summary>A plan as text: the same plan gives the same bytes, and reading them gives the same plan.</summary>
public static class PlanText
{
    // Comments stand in one column, unless a line is longer.
    private const int Column = 60;

    /// <summary>Canonical, indented JSON.</summary>
    public static string ToJson(Plan plan) => CanonicalJson.Text(PlanSlices.Json(plan), indented: true) + "\n";

    /// <summary>YAML with sorted keys, every default written out.</summary>
    public static string ToYaml(Plan plan) => string.Concat(new YamlText().Of(PlanSlices.Json(plan)).Select(line => line.Line + "\n"));

    /// <summary>
    /// The same with a comment behind each value that says where it comes from, and with all options of whatever is chosen: what
    /// plan.yaml of a run folder holds.
    /// </summary>
    /// <param name="loaded">The experiment.</param>
    /// <param name="plugins">Know their options.</param>
    /// <param name="builtIn">Optimizers and schedules.</param>
    public static string WithOrigins(LoadedPlan loaded, PluginCatalog plugins, IReadOnlyList<BuiltInChoices> builtIn)
    {
        var complete = PlanChoices.Of(loaded.Plan)
            .Select(choice => (choice.Path, choice.Choice.Name, Options: PlanChoices.Complete(choice, plugins, builtIn)))
            .Where(choice => choice.Options is { Count: > 0 })
            .ToDictionary(choice => choice.Path, choice => new JsonObject { [choice.Name] = choice.Options }, StringComparer.Ordinal);
        var lines = new YamlText(complete.GetValueOrDefault).Of(PlanSlices.Json(loaded.Plan));
        var widest = Math.Min(Column, lines.Where(l => l.Path is not null).Max(l => l.Line.Length));
        return string.Concat(lines.Select(l => (l.Path is null ? l.Line : $"{l.Line.PadRight(widest)}  # {(l.Path == "name" ? "the file's name" : loaded.OriginOf(l.Path))}") + "\n"));
    }

    /// <summary>Reads what <see cref="ToYaml"/> wrote.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="place">The file's name, for messages.</param>
    /// <exception cref="ConfigurationException">All faults, with their places.</exception>
    public static LoadedPlan Parse(string yaml, string place)
    {
        var faults = new Faults();
        var tree = YamlReader.ReadFile(yaml, place, faults);
        faults.ThrowIfAny();
        return ExperimentFile.Bind(tree as MapNode ?? new MapNode(new Mark(place, 1, 1), []), null, [place], faults);
    }
}
