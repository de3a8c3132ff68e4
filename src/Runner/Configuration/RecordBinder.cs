using System.Reflection;
using System.Text.Json.Nodes;
using Osteon.Abstractions;

namespace Osteon.Runner.Configuration;

/// <summary>
/// Fills records with <c>init</c> properties from nodes. What is absent keeps its default; what is unknown or of the wrong type is a
/// fault with its place, and the rest is bound all the same, so that one reading finds every fault.
/// </summary>
/// <param name="faults">Takes what is wrong.</param>
/// <param name="plugins">Makes augmentations that stand in the options of others; without it there are none.</param>
internal sealed partial class RecordBinder(Faults faults, Plugins.PluginCatalog? plugins = null)
{
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>A record of the type; an all-default one where the node is no mapping.</summary>
    /// <param name="node">What was written.</param>
    /// <param name="type">A record with a parameterless constructor.</param>
    /// <param name="path">Begins the path of every fault.</param>
    /// <param name="given">Keys that may not be written here, and who gives them instead.</param>
    public object Record(Node node, Type type, string path, IReadOnlyDictionary<string, string>? given = null)
    {
        var record = Activator.CreateInstance(type)!;
        if (node is not MapNode map)
        {
            Expected(node, path, $"a mapping with some of: {Allowed(type, given)}", null);
            return record;
        }

        var before = faults.Count;
        var properties = Names.Properties(type);
        foreach (var (key, mark, value) in map.Entries)
        {
            var inner = path.Length == 0 ? key : $"{path}.{key}";
            if (given?.GetValueOrDefault(key) is { } giver)
            {
                faults.Add(mark, inner, $"is given by {giver}. Remove this line.");
            }
            else if (!properties.TryGetValue(key, out var property))
            {
                faults.Add(mark, inner, $"is unknown{Nearest.Hint(key, properties.Keys.Where(k => given?.ContainsKey(k) != true))}. Allowed: {Allowed(type, given)}.");
            }
            else
            {
                Set(record, property, value, inner);
            }
        }

        CheckWhole(map, record, properties, path, given, before);
        return record;
    }

    /// <summary>Sets one property; it keeps its value where the node does not fit.</summary>
    public void Set(object record, PropertyInfo property, Node value, string path)
    {
        if (value is ScalarNode { IsNull: false } alone && alone.TryNumber(out var number) && property.GetCustomAttribute<WithinAttribute>()?.First(number) is { } first)
        {
            value = new ListNode(value.Mark, [new ScalarNode(value.Mark, CanonicalJson.Text(JsonValue.Create(first)), Plain: true), value]);
        }

        if (value.IsNull && MayBeNull(property))
        {
            property.SetValue(record, null);
        }
        else if (TryValue(value, property.PropertyType, path, property.GetValue(record), out var bound) && InRange(property, bound, value, path))
        {
            property.SetValue(record, bound);
        }
    }

    /// <summary>The plugin named here with its options, which are bound later, when the plugin's type is known.</summary>
    public bool TryChoice(Node node, string path, out Choice? choice)
    {
        choice = null;
        switch (node)
        {
            case ScalarNode { IsNull: false, Text.Length: > 0 } name:
                choice = new Choice(name.Text);
                return true;
            case MapNode { Entries: [var (name, _, options)] } when options.IsNull:
                choice = new Choice(name);
                return true;
            case MapNode { Entries: [(var name, _, ScalarNode weight)] } when weight.TryNumber(out var number):
                choice = new Choice(name, new JsonObject { ["weight"] = number });
                return true;
            case MapNode { Entries: [(var name, _, MapNode options)] }:
                var json = (JsonObject)options.ToJson();
                if (options["weight"] is ScalarNode given && given.TryNumber(out var w))
                {
                    json["weight"] = w;                             // 1 and 1.0 are the same weight
                }

                choice = new Choice(name, json);
                return true;
            case MapNode { Entries: [var (name, _, options)] }:
                faults.Add(options.Mark, $"{path}.{name}", $"is {options.Found}; expected options, as in '{name}: {{option: value}}', or a weight, as in '{name}: 0.5'.");
                return false;
            case MapNode { Entries: { Count: > 1 } many }:
                faults.Add(many[1].KeyMark, path, $"names {many.Count} things ({string.Join(", ", many.Select(e => e.Key))}) where one is chosen. Keep one; its options are indented under its name: '{many[0].Key}: {{{many[1].Key}: …}}'.");
                return false;
            default:
                return Expected(node, path, "a name, or 'Name: {option: value}'", null);
        }
    }

    /// <summary>Always false, so that a caller can return it.</summary>
    private bool Expected(Node node, string path, string kind, object? example)
    {
        var standard = example is IConvertible and not string ? $" The default is {CanonicalJson.Text(JsonValue.Create(example is Enum e ? Names.Snake(e.ToString()) : example))}." : string.Empty;
        faults.Add(node.Mark, path, $"is {node.Found}; expected {kind}.{Advice(node, kind)}{standard}");
        return false;
    }

    /// <summary>What to do about the usual slips.</summary>
    private static string Advice(Node node, string kind)
    {
        if (node is not ScalarNode { IsNull: false } scalar)
        {
            return node.IsNull ? " Remove the key to take the default." : string.Empty;
        }

        return !scalar.Plain && kind.Contains("number", StringComparison.Ordinal) && (scalar with { Plain = true }).TryNumber(out _) ? " Remove the quotes."
            : kind == Kind(typeof(bool)) && scalar.Text.ToUpperInvariant() is "YES" or "NO" or "ON" or "OFF" or "TRUE" or "FALSE" ? " Only these two words are truth values here."
            : kind == Kind(typeof(double)) && scalar.Text.Contains(',', StringComparison.Ordinal) ? " Write a decimal point."
            : string.Empty;
    }

    private static string Kind(Type type) =>
        type == typeof(string) ? "text"
        : type == typeof(bool) ? "true or false"
        : type == typeof(double) || type == typeof(float) ? "a number"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type).Select(Names.Snake))}"
        : type == typeof(int) ? $"a whole number, at most {int.MaxValue}" : "a whole number";

    private static string Plural(Type element) => element == typeof(string) ? "texts" : element.IsPrimitive ? "numbers" : "values";

    private static string Allowed(Type type, IReadOnlyDictionary<string, string>? given) =>
        string.Join(", ", Names.Properties(type).Keys.Where(k => given?.ContainsKey(k) != true).Order(StringComparer.Ordinal));

    /// <summary>Whether null may be written for a property.</summary>
    public static bool MayBeNull(PropertyInfo property)
    {
        lock (Nullability)                                          // its cache is not for several threads
        {
            return Nullability.Create(property).WriteState == NullabilityState.Nullable;
        }
    }
}
