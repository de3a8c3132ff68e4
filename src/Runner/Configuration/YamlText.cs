using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Osteon.Runner.Configuration;

/// <summary>JSON as lines of YAML with sorted keys, each with the path of the value that ends it, or null where none does.</summary>
/// <param name="replace">Another value for a path, or null.</param>
internal sealed partial class YamlText(Func<string, JsonNode?>? replace = null)
{
    private readonly List<(string Line, string? Path)> _lines = [];

    /// <summary>All lines of a mapping.</summary>
    public IReadOnlyList<(string Line, string? Path)> Of(JsonObject map)
    {
        Map(map, 0, string.Empty);
        return _lines;
    }

    private void Map(JsonObject map, int indent, string path)
    {
        foreach (var (key, value) in map.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            Below($"{new string(' ', indent)}{Scalar(JsonValue.Create(key))}:", value, indent, path.Length == 0 ? key : $"{path}.{key}");
        }
    }

    private void Below(string head, JsonNode? value, int indent, string path)
    {
        value = replace?.Invoke(path) ?? value;
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                _lines.Add((head, null));
                Map(map, indent + 2, path);
                break;
            case JsonArray list when list.Select((item, i) => replace?.Invoke($"{path}[{i}]") ?? item).Any(item => item is JsonObject or JsonArray { Count: > 0 }):
                _lines.Add((head, null));
                for (var i = 0; i < list.Count; i++)
                {
                    Item(list[i], indent + 2, $"{path}[{i}]");
                }

                break;
            default:
                _lines.Add(($"{head} {Flow(value)}", path));
                break;
        }
    }

    /// <summary>The dash stands before the first line of a mapping, not on one of its own.</summary>
    private void Item(JsonNode? value, int indent, string path)
    {
        value = replace?.Invoke(path) ?? value;
        if (value is not JsonObject { Count: > 0 } map)
        {
            Below($"{new string(' ', indent)}-", value, indent, path);
            return;
        }

        var first = _lines.Count;
        Map(map, indent + 2, path);
        _lines[first] = ($"{new string(' ', indent)}- {_lines[first].Line.TrimStart()}", _lines[first].Path);
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
