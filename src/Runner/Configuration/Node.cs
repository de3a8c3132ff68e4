using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Osteon.Runner.Configuration;

/// <summary>A value as it was written, with its place; null when it comes from no file.</summary>
internal abstract record Node(Mark? Mark)
{
    /// <summary>Nodes from here down, aliases counted as often as they are used.</summary>
    public abstract int Size { get; }

    /// <summary>For messages: what stands here.</summary>
    public abstract string Found { get; }

    public bool IsNull => this is ScalarNode { Plain: true, Text: "" or "~" or "null" };

    /// <summary>JSON in the types of YAML's core schema; what is not clearly a number, a truth value or null is text.</summary>
    public abstract JsonNode? ToJson();

    public static Node From(JsonNode? json, Mark? mark = null) => json switch
    {
        null => new ScalarNode(mark, "null", Plain: true),
        JsonObject map => new MapNode(mark, [.. map.Select(p => new Entry(p.Key, mark, From(p.Value, mark)))]),
        JsonArray list => new ListNode(mark, [.. list.Select(i => From(i, mark))]),
        _ when json.GetValueKind() == JsonValueKind.String => new ScalarNode(mark, json.GetValue<string>(), Plain: false),
        _ => new ScalarNode(mark, CanonicalJson.Text(json), Plain: true),
    };
}

/// <param name="Mark">Its place.</param>
/// <param name="Text">Without quotes.</param>
/// <param name="Plain">Written without quotes, so it may be more than text.</param>
internal sealed record ScalarNode(Mark? Mark, string Text, bool Plain) : Node(Mark)
{
    public override int Size => 1;

    public override string Found => IsNull ? "empty" : Plain ? Text : $"'{Text}'";

    public override JsonNode? ToJson() =>
        !Plain ? JsonValue.Create(Text)
        : IsNull ? null
        : Text is "true" or "false" ? JsonValue.Create(Text == "true")
        : TryWhole(out var whole) && whole.ToString(CultureInfo.InvariantCulture) == Text ? JsonValue.Create(whole)
        : TryNumber(out var number) && !(Text.Length > 1 && Text[0] == '0' && char.IsAsciiDigit(Text[1])) ? JsonValue.Create(number)
        : JsonValue.Create(Text);

    public bool TryWhole(out long value)
    {
        value = 0;
        return Plain && long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>A finite number; infinities and NaN have no place in an experiment.</summary>
    public bool TryNumber(out double value)
    {
        value = 0;
        return Plain && Text.Length > 0 && (char.IsAsciiDigit(Text[^1]) || Text[^1] == '.')
            && double.TryParse(Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }
}

internal sealed record ListNode(Mark? Mark, IReadOnlyList<Node> Items) : Node(Mark)
{
    public override int Size { get; } = 1 + Items.Sum(i => i.Size);

    public override string Found => "a list";

    public override JsonNode ToJson() => new JsonArray([.. Items.Select(i => i.ToJson())]);
}

internal sealed record MapNode(Mark? Mark, IReadOnlyList<Entry> Entries) : Node(Mark)
{
    public override int Size { get; } = 1 + Entries.Sum(e => e.Value.Size);

    public override string Found => "a mapping";

    public Node? this[string key] => Entries.FirstOrDefault(e => e.Key == key)?.Value;

    public override JsonNode ToJson() => new JsonObject(Entries.Select(e => KeyValuePair.Create(e.Key, e.Value.ToJson())));

    public MapNode Without(string key) => this with { Entries = [.. Entries.Where(e => e.Key != key)] };
}

internal sealed record Entry(string Key, Mark? KeyMark, Node Value);
