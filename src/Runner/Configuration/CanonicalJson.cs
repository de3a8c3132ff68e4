using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Osteon.Runner.Configuration;

/// <summary>
/// JSON with one spelling for one value: keys in ordinal order, numbers by value (1.0 is 1; 1e-4 is 0.0001), nothing escaped that need
/// not be. Hashes of it are part of unit keys, so its spelling must never change.
/// </summary>
public static class CanonicalJson
{
    private const double LargestExact = 9007199254740992;           // 2^53

    /// <summary>SHA-256 of the UTF-8 bytes of the compact text, 64 hex digits in lower case.</summary>
    public static string Hash(JsonNode? node) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text(node))));

    /// <summary>The canonical text.</summary>
    /// <param name="node">Any JSON; numbers that are not finite are written as the text "NaN", "Infinity" or "-Infinity".</param>
    /// <param name="indented">For people: two spaces a level, '\n' between lines and none at the end. Compact is what is hashed.</param>
    public static string Text(JsonNode? node, bool indented = false)
    {
        var text = new StringBuilder();
        Write(text, node, indented ? 0 : -1);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node, int level)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject map:
                Block(text, '{', '}', map.OrderBy(p => p.Key, StringComparer.Ordinal), level, (pair, inner) =>
                {
                    WriteText(text, pair.Key);
                    text.Append(level < 0 ? ":" : ": ");
                    Write(text, pair.Value, inner);
                });
                break;
            case JsonArray list:
                Block(text, '[', ']', list, level, (item, inner) => Write(text, item, inner));
                break;
            default:
                WriteValue(text, node.AsValue());
                break;
        }
    }

    private static void Block<T>(StringBuilder text, char open, char close, IEnumerable<T> items, int level, Action<T, int> write)
    {
        var inner = level < 0 ? -1 : level + 1;
        var any = false;
        text.Append(open);
        foreach (var item in items)
        {
            text.Append(any ? "," : string.Empty);
            NewLine(text, inner);
            write(item, inner);
            any = true;
        }

        if (any)
        {
            NewLine(text, level);
        }

        text.Append(close);
    }

    private static void NewLine(StringBuilder text, int level)
    {
        if (level >= 0)
        {
            text.Append('\n').Append(' ', 2 * level);
        }
    }

    private static void WriteValue(StringBuilder text, JsonValue value)
    {
        if ((value.TryGetValue(out double number) || (value.TryGetValue(out float single) && (number = single) is var _)) && !double.IsFinite(number))
        {
            WriteText(text, number.ToString(CultureInfo.InvariantCulture));
            return;
        }

        switch (value.GetValueKind())
        {
            case JsonValueKind.Number:
                text.Append(Number(value.ToJsonString()));
                break;
            case JsonValueKind.String:
                WriteText(text, value.TryGetValue(out string? plain) ? plain : JsonSerializer.Deserialize<string>(value.ToJsonString())!);
                break;
            default:
                text.Append(value.ToJsonString());                  // true, false
                break;
        }
    }

    private static string Number(string json)
    {
        if (json.AsSpan().ContainsAny('.', 'e', 'E') || json == "-0")
        {
            var value = double.Parse(json, CultureInfo.InvariantCulture);
            return double.IsInteger(value) && Math.Abs(value) < LargestExact
                ? ((long)value).ToString(CultureInfo.InvariantCulture)
                : value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
        }

        return json;
    }

    private static void WriteText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' or '\u007f' or '\u0085' or '\u2028' or '\u2029' or '\ufeff' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
