using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Runner.Plugins;

namespace Osteon.Runner.Configuration;

/// <summary>
/// The JSON Schema of experiment files, made of the plan's records and of the plugins that are there: editors complete and check by it,
/// and show the summaries of the code's documentation.
/// </summary>
/// <remarks>Draft 7, which the YAML language server reads. Looser than the program where JSON Schema cannot say it: what holds between values.</remarks>
public sealed class ExperimentSchema
{
    private const string Variable = "env";

    private readonly PluginCatalog _plugins;
    private readonly IReadOnlyList<BuiltInChoices> _builtIn;
    private readonly Summaries _summaries;
    private readonly JsonObject _definitions = [];

    private ExperimentSchema(PluginCatalog plugins, IReadOnlyList<BuiltInChoices> builtIn, IReadOnlyList<string> docs) =>
        (_plugins, _builtIn, _summaries) = (plugins, builtIn, new Summaries(docs));

    /// <summary>The schema.</summary>
    /// <param name="plugins">Those that cannot be used are left out.</param>
    /// <param name="builtIn">Optimizers and schedules.</param>
    /// <param name="docs">Folders with the documentation of assemblies, NAME.xml.</param>
    public static JsonObject Of(PluginCatalog plugins, IReadOnlyList<BuiltInChoices> builtIn, IReadOnlyList<string> docs) => new ExperimentSchema(plugins, builtIn, docs).Whole();

    private JsonObject Whole()
    {
        _definitions[Variable] = new JsonObject { ["type"] = "string", ["pattern"] = @"^\$\{env:[A-Za-z_][A-Za-z0-9_]*(:-[^{}]*)?\}$" };
        var plan = Record(typeof(Plan), string.Empty);
        var properties = (JsonObject)plan["properties"]!;
        properties.Remove("name");                                  // the file's
        properties["extends"] = new JsonObject
        {
            ["description"] = "Presets this file is laid over, later ones over earlier ones; paths are relative to this file.",
            ["anyOf"] = new JsonArray(Typed("string"), new JsonObject { ["type"] = "array", ["items"] = Typed("string") }),
        };
        plan["$schema"] = "http://json-schema.org/draft-07/schema#";
        plan["title"] = "Osteon experiment";
        plan["definitions"] = _definitions;
        return plan;
    }

    private JsonObject Record(Type type, string place, IReadOnlyDictionary<string, string>? given = null)
    {
        var standard = type.IsAbstract || type.GetConstructor([]) is null ? null : Activator.CreateInstance(type);
        var properties = new JsonObject();
        foreach (var (key, property) in Names.Properties(type).Where(p => given?.ContainsKey(p.Key) != true))
        {
            var schema = Value(property.PropertyType, Below(place, key), property, RecordBinder.MayBeNull(property));
            if (property.GetCustomAttribute<WithinAttribute>()?.First(1) is not null)
            {
                schema = new JsonObject { ["anyOf"] = new JsonArray(schema, Typed("number")) };       // a number alone stands for several
            }

            if (_summaries.Of(property) is { } summary)
            {
                schema["description"] = summary;
            }

            if (standard is not null && property.GetValue(standard) is { } value && PlanSlices.OfValue(value) is { } json and not JsonObject)
            {
                schema["default"] = json;
            }

            properties[key] = schema;
        }

        var record = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        JsonNode[] required = [.. Names.Properties(type).Where(p => given?.ContainsKey(p.Key) != true && p.Value.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute))).Select(p => JsonValue.Create(p.Key))];
        if (required.Length > 0)
        {
            record["required"] = new JsonArray(required);
        }

        return record;
    }

    private JsonObject Value(Type type, string place, ICustomAttributeProvider? member, bool orNull)
    {
        var inner = Nullable.GetUnderlyingType(type) ?? type;
        var schema = inner == typeof(Choice) ? Choices(place)
            : inner == typeof(JsonNode) ? []
            : inner == typeof(JsonObject) ? Typed("object")
            : inner == typeof(string) ? new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") }
            : inner.IsPrimitive || inner.IsEnum ? OrVariable(Scalar(inner, member))
            : Structured(inner, place);
        return orNull || inner != type ? new JsonObject { ["anyOf"] = new JsonArray(schema, Typed("null")) } : schema;
    }

    private JsonObject Structured(Type type, string place)
    {
        if (RecordBinder.ElementOf(type) is { } element)
        {
            return new JsonObject { ["type"] = "array", ["items"] = Value(element, place + "[]", null, orNull: false) };
        }

        if (Schema.ItemOf(type) is { } item && type.IsAssignableTo(typeof(IEnumerable)))
        {
            return new JsonObject { ["type"] = "object", ["additionalProperties"] = Value(item, place + ".*", null, orNull: true) };
        }

        if (Names.Components(type) is { } components)
        {
            var list = new JsonObject
            {
                ["type"] = "array",
                ["minItems"] = components.Length,
                ["maxItems"] = components.Length,
                ["items"] = new JsonArray([.. components.Select(c => Value(c.ParameterType, place, c, orNull: false))]),
            };
            return type.GetConstructors().Select(c => c.GetParameters()).FirstOrDefault(p => p.Length == 1)?[0] is { } alone
                ? new JsonObject { ["anyOf"] = new JsonArray(list, Value(alone.ParameterType, place, alone, orNull: false)) }
                : list;
        }

        return Names.Kinds(type) is { Count: > 0 } kinds
            ? Reference(type.Name, () => Named(kinds.Select(k => (k.Key, Options(k.Value, null))), weighted: false))
            : Options(type, null, place);
    }

    /// <summary>A plugin or a built-in: its name alone, or a mapping of the name to its options.</summary>
    private JsonObject Choices(string place)
    {
        if (_builtIn.FirstOrDefault(b => b.Path == place) is { } known)
        {
            return Reference(place, () => Named(Names.Kinds(known.Options).Select(k => (k.Key, Options(k.Value, null))), weighted: false));
        }

        return PlanChoices.Plugins.TryGetValue(place, out var kind)
            ? Reference(kind.Name, () => Named(
                _plugins.Names(kind).Where(name => _plugins.WhyNot(kind, name) is null).Select(name => (name, Options(_plugins.OptionsTypeOf(kind, name), kind)))
                    .Concat(kind.Contract == typeof(PostProcessor) ? [(PostProcessing.Auto, Options(null, kind))] : []),
                kind.Contract == typeof(Loss)))
            : new JsonObject { ["type"] = new JsonArray("string", "object") };
    }

    private static JsonObject Named(IEnumerable<(string Name, JsonObject Options)> choices, bool weighted)
    {
        var all = choices.OrderBy(c => c.Name, StringComparer.Ordinal).ToArray();
        var properties = new JsonObject(all.Select(c => KeyValuePair.Create(c.Name, (JsonNode?)new JsonObject
        {
            ["anyOf"] = weighted ? new JsonArray(c.Options, Typed("null"), new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = 0 }) : new JsonArray(c.Options, Typed("null")),
        })));
        return new JsonObject
        {
            ["anyOf"] = new JsonArray(
                new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. all.Select(c => JsonValue.Create(c.Name))]) },
                new JsonObject { ["$ref"] = $"#/definitions/{Variable}" },
                new JsonObject { ["type"] = "object", ["minProperties"] = 1, ["maxProperties"] = 1, ["additionalProperties"] = false, ["properties"] = properties }),
        };
    }

    private JsonObject Options(Type? type, PluginKind? kind, string place = "")
    {
        if (type is null)
        {
            return new JsonObject { ["type"] = "object", ["maxProperties"] = kind?.Contract == typeof(Loss) ? 1 : 0 };
        }

        // Two plugins may have records of one name.
        return Reference($"{type.Assembly.GetName().Name}.{type.Name}", () =>
        {
            var record = Record(type, place, kind?.Given);
            if (kind?.Contract == typeof(Loss))
            {
                ((JsonObject)record["properties"]!)["weight"] = new JsonObject
                {
                    ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = 0 }, new JsonObject { ["type"] = "object", ["minProperties"] = 1, ["additionalProperties"] = new JsonObject { ["type"] = "number", ["minimum"] = 0 } }),
                    ["default"] = 1,
                    ["description"] = "How much this loss counts in the sum; or by epoch, as in {10: 0, 20: 1}, with straight lines between.",
                };
            }

            return record;
        });
    }

    private JsonObject Reference(string name, Func<JsonObject> make)
    {
        if (!_definitions.ContainsKey(name))
        {
            _definitions[name] = new JsonObject();                  // a record that holds itself ends here
            _definitions[name] = make();
        }

        return new JsonObject { ["$ref"] = $"#/definitions/{name}" };
    }

    private static JsonObject Scalar(Type type, ICustomAttributeProvider? member)
    {
        if (type.IsEnum)
        {
            return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(n => JsonValue.Create(Names.Snake(n)))]) };
        }

        var schema = Typed(type == typeof(bool) ? "boolean" : type == typeof(double) || type == typeof(float) ? "number" : "integer");
        if (member?.GetCustomAttributes(typeof(RangeAttribute), inherit: true) is [RangeAttribute range])
        {
            Bound(schema, range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum", range.Minimum);
            Bound(schema, range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum", range.Maximum);
        }

        return schema;
    }

    private static void Bound(JsonObject schema, string key, object bound)
    {
        var number = Convert.ToDouble(bound, CultureInfo.InvariantCulture);
        if (double.IsFinite(number) && Math.Abs(number) is not double.MaxValue and not int.MaxValue)
        {
            schema[key] = number;
        }
    }

    private static JsonObject OrVariable(JsonObject schema) =>
        new() { ["anyOf"] = new JsonArray(schema, new JsonObject { ["$ref"] = $"#/definitions/{Variable}" }) };

    private static JsonObject Typed(string type) => new() { ["type"] = type };

    private static string Below(string place, string key) => place.Length == 0 ? key : $"{place}.{key}";
}
