using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osteon.Abstractions;

namespace Osteon.Runner.Configuration;

/// <summary>Parts of a plan as JSON, spelt as in an experiment file: what enters unit keys, facts and plan.yaml.</summary>
public static class PlanSlices
{
    /// <summary>A record's properties under their YAML keys.</summary>
    /// <param name="part">A plan, a part of it, or a plugin's options.</param>
    /// <returns>
    /// A fresh object. Null properties are left out, so that an optional property added later changes no key. A choice is its name, or
    /// <c>{name: {options}}</c> when it has any.
    /// </returns>
    public static JsonObject Json(object part) => new(Names.Properties(part.GetType())
        .Select(p => KeyValuePair.Create(p.Key, Value(p.Value.GetValue(part))))
        .Where(p => p.Value is not null));

    /// <summary>SHA-256 of what makes an experiment: whom it tells, what it costs and what a sweep would try make no other.</summary>
    public static string Digest(Plan plan)
    {
        var json = Json(plan);
        foreach (var key in new[] { "tracking", "cost", "sweep" })
        {
            json.Remove(key);
        }

        return CanonicalJson.Hash(json);
    }

    /// <summary>Any value of a record, as <see cref="Json"/> writes it.</summary>
    internal static JsonNode? OfValue(object? value) => Value(value);

    private static JsonNode? Value(object? value) => value switch
    {
        null => null,
        JsonNode json => json.DeepClone(),
        Choice { Options.Count: 0 } bare => JsonValue.Create(bare.Name),
        Choice choice => new JsonObject { [choice.Name] = choice.Options.DeepClone() },
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        double or float => JsonValue.Create(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        Enum name => JsonValue.Create(Names.Snake(name.ToString())),
        IConvertible whole => JsonValue.Create(Convert.ToInt64(whole, CultureInfo.InvariantCulture)),
        IDictionary map => new JsonObject(map.Keys.Cast<string>().Select(k => KeyValuePair.Create(k, Value(map[k])))),
        IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(Value)]),
        PerAxis axes => new JsonObject { ["x"] = Value(axes.X), ["y"] = Value(axes.Y) },
        System.Runtime.CompilerServices.ITuple tuple => new JsonArray([.. Enumerable.Range(0, tuple.Length).Select(i => Value(tuple[i]))]),
        ValueType => new JsonArray([.. Names.Components(value.GetType())!.Select(p => Value(value.GetType().GetProperty(p.Name!)!.GetValue(value)))]),
        _ => Json(value),
    };
}

/// <summary>How members of records are called in YAML.</summary>
internal static class Names
{
    private static readonly Dictionary<string, Type> Empty = [];

    /// <summary><c>BatchSize</c> → <c>batch_size</c>.</summary>
    public static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    /// <summary>What may be written for a record, in declaration order, a base's properties first.</summary>
    public static IReadOnlyDictionary<string, PropertyInfo> Properties(Type record)
    {
        var found = new Dictionary<string, PropertyInfo>();
        foreach (var property in record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p is { CanRead: true, SetMethod.IsPublic: true } && p.GetIndexParameters().Length == 0)
            .OrderBy(p => Depth(p.DeclaringType!)))
        {
            found[property.GetCustomAttribute<NamedAttribute>()?.Name ?? Snake(property.Name)] = property;
        }

        return found;
    }

    /// <summary>The name that a kind of an abstract record goes by.</summary>
    public static string NameOf(object kind) => kind.GetType().GetCustomAttribute<NamedAttribute>()?.Name ?? kind.GetType().Name;

    /// <summary>The kinds of an abstract record, by name; empty for other types.</summary>
    public static IReadOnlyDictionary<string, Type> Kinds(Type record) => !record.IsAbstract || !record.IsClass ? Empty : record.Assembly.GetTypes()
        .Where(t => !t.IsAbstract && t.IsSubclassOf(record))
        .Select(t => (Type: t, t.GetCustomAttribute<NamedAttribute>()?.Name))
        .Where(t => t.Name is not null)
        .ToDictionary(t => t.Name!, t => t.Type, StringComparer.Ordinal);

    /// <summary>The parameters of a small value such as an interval or a tuple, written as a list; null for other types.</summary>
    public static ParameterInfo[]? Components(Type type) =>
        type is { IsValueType: true, IsPrimitive: false, IsEnum: false }
            ? type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).FirstOrDefault()?.GetParameters()
            : null;

    private static int Depth(Type type) => type.BaseType is { } parent ? 1 + Depth(parent) : 0;
}
