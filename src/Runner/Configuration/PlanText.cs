using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Osteon.Abstractions;

namespace Osteon.Runner.Configuration;

/// <summary>A plan as text: the same plan gives the same bytes, and reading them gives the same plan.</summary>
public static partial class PlanText
{
    /// <summary>Canonical, indented JSON.</summary>
    public static string ToJson(Plan plan) => CanonicalJson.Text(PlanSlices.Json(plan), indented: true) + "\n";

    /// <summary>YAML with sorted keys, every default written out: what plan.yaml of a run folder holds.</summary>
    public static string ToYaml(Plan plan)
    {
        var text = new StringBuilder();
        Map(text, PlanSlices.Json(plan), 0);
        return text.ToString();
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

    private static void Map(StringBuilder text, JsonObject map, int indent)
    {
        foreach (var (key, value) in map.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            text.Append(' ', indent).Append(Scalar(JsonValue.Create(key))).Append(':');
            Below(text, value, indent);
        }
    }

    private static void Below(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                text.Append('\n');
                Map(text, map, indent + 2);
                break;
            case JsonArray list when list.Any(i => i is JsonObject or JsonArray { Count: > 0 }):
                text.Append('\n');
                foreach (var item in list)
                {
                    text.Append(' ', indent + 2).Append('-');
                    Below(text, item, indent + 2);
                }

                break;
            default:
                text.Append(' ').Append(Flow(value)).Append('\n');
                break;
        }
    }

    private static string Flow(JsonNode? value) => value switch
    {
        JsonObject => "{}",
        JsonArray list => $"[{string.Join(", ", list.Select(Flow))}]",
        _ => Scalar(value),
    };

    private static string Scalar(JsonNode? value) =>
        value is not null && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is var text
            && PlainText().IsMatch(text) && text is not ("null" or "true" or "false")
            ? text
            : CanonicalJson.Text(value);

    /// <summary>Text that no reader of YAML, of whichever version, takes for something else.</summary>
    [GeneratedRegex(@"^(?!(?i:y|n|yes|no|on|off|true|false|null)\z)[A-Za-z_][A-Za-z0-9_./-]*\z")]
    private static partial Regex PlainText();
}
