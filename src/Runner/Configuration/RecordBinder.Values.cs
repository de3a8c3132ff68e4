using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Osteon.Abstractions;

namespace Osteon.Runner.Configuration;

/// <summary>What a property's type makes of a node.</summary>
internal sealed partial class RecordBinder
{
    private bool TryValue(Node node, Type type, string path, object? example, out object? value)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        value = null;
        if (type == typeof(Choice))
        {
            var chosen = TryChoice(node, path, out var choice);
            value = choice;
            return chosen;
        }

        if (type == typeof(Augmentation) && plugins is not null)
        {
            return TryAugmentation(node, path, plugins, out value);
        }

        if (type == typeof(JsonNode))                               // an option of several shapes, which the plugin reads itself
        {
            value = node.ToJson();
            return true;
        }

        if (type == typeof(JsonObject))
        {
            value = (node as MapNode)?.ToJson();
            return value is not null || Expected(node, path, "a mapping", null);
        }

        if (type == typeof(string) || type.IsPrimitive || type.IsEnum)
        {
            return node is ScalarNode { IsNull: false } scalar
                ? TryScalar(scalar, type, path, example, out value)
                : Expected(node, path, Kind(type), example);
        }

        if (ElementOf(type) is { } element)
        {
            return TryList(node, type, element, path, out value);
        }

        if (type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) && type.GetGenericArguments() is [var key, var item] && key == typeof(string))
        {
            return TryDictionary(node, item, path, out value);
        }

        if (type == typeof(PerAxis))
        {
            return TryPerAxis(node, path, (PerAxis?)example ?? default, out value);
        }

        if (Names.Components(type) is { } components)
        {
            return TryComponents(node, type, components, path, out value);
        }

        if (Names.Kinds(type) is { Count: > 0 })
        {
            return TryKind(node, type, path, out value);
        }

        value = Record(node, type, path);
        return true;
    }

    private bool TryPerAxis(Node node, string path, PerAxis standard, out object? value)
    {
        var (x, y) = standard;
        var fits = true;
        if (node is MapNode map)
        {
            foreach (var (key, mark, axis) in map.Entries)
            {
                if (key is not ("x" or "y"))
                {
                    faults.Add(mark, $"{path}.{key}", "is unknown. Allowed: x, y.");
                    fits = false;
                }
                else if (TryValue(Twice(axis), typeof(Interval), $"{path}.{key}", null, out var interval))
                {
                    (x, y) = key == "x" ? ((Interval)interval!, y) : (x, (Interval)interval!);
                }
                else
                {
                    fits = false;
                }
            }
        }
        else if (TryValue(Twice(node), typeof(Interval), path, null, out var both))
        {
            x = y = (Interval)both!;
        }
        else
        {
            fits = false;
        }

        value = new PerAxis(x, y);
        return fits;

        static Node Twice(Node number) => number is ScalarNode { IsNull: false } ? new ListNode(number.Mark, [number, number]) : number;
    }

    private bool TryAugmentation(Node node, string path, Plugins.PluginCatalog catalog, out object? value)
    {
        value = null;
        if (!TryChoice(node, path, out var choice))
        {
            return false;
        }

        var (kind, inner, before) = (Plugins.PluginKind.Of<Augmentation>(), $"{path}.{choice!.Name}", faults.Count);
        if (catalog.WhyNot(kind, choice.Name) is { } reason)
        {
            faults.Add(node.Mark, path, $"'{choice.Name}' {reason}");
            return false;
        }

        var options = catalog.BindOptions(kind, choice.Name, (node as MapNode)?.Entries[0].Value as MapNode ?? Node.From(choice.Options, node.Mark), inner, faults);
        if (faults.Count > before)
        {
            return false;
        }

        try
        {
            value = catalog.Create(kind, choice.Name, options);
            return true;
        }
        catch (ConfigurationException e)
        {
            foreach (var fault in e.Faults)
            {
                faults.Add(node.Mark, $"{inner}:", fault);
            }

            return false;
        }
    }

    private bool TryKind(Node node, Type type, string path, out object? value)
    {
        value = null;
        if (!TryChoice(node, path, out var choice))
        {
            return false;
        }

        var options = (node as MapNode)?.Entries[0].Value is { IsNull: false } written ? written : new MapNode(node.Mark, []);
        value = Kind(type, choice!.Name, node.Mark, options, path);
        return value is not null;
    }

    private bool TryScalar(ScalarNode scalar, Type type, string path, object? example, out object? value)
    {
        value = null;
        if (type == typeof(string))
        {
            value = scalar.Text;
        }
        else if (type == typeof(bool))
        {
            value = scalar is { Plain: true, Text: "true" or "false" } ? scalar.Text == "true" : null;
        }
        else if (type.IsEnum)
        {
            value = Enum.GetNames(type).FirstOrDefault(n => Names.Snake(n) == scalar.Text) is { } name ? Enum.Parse(type, name) : null;
            if (value is null)
            {
                var allowed = Enum.GetNames(type).Select(Names.Snake).ToArray();
                faults.Add(scalar.Mark, path, $"is '{scalar.Text}'{Nearest.Hint(scalar.Text, allowed)}. Allowed: {string.Join(", ", allowed)}.");
                return false;
            }
        }
        else if (type == typeof(double) || type == typeof(float))
        {
            value = scalar.TryNumber(out var number) ? System.Convert.ChangeType(number, type, CultureInfo.InvariantCulture) : null;
        }
        else if (scalar.TryWhole(out var whole) && FitsIn(type, whole))
        {
            value = System.Convert.ChangeType(whole, type, CultureInfo.InvariantCulture);
        }

        return value is not null || Expected(scalar, path, Kind(type), example);
    }

    private bool TryList(Node node, Type type, Type element, string path, out object? value)
    {
        value = null;
        if (node is not ListNode list)
        {
            return Expected(node, path, element == typeof(Choice) ? "a list, as in [Name, Other: {option: value}]" : $"a list of {Plural(element)}, as in [first, second]", null);
        }

        var items = Array.CreateInstance(element, list.Items.Count);
        var whole = true;
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (TryValue(list.Items[i], element, $"{path}[{i}]", null, out var item))
            {
                items.SetValue(item, i);
            }
            else
            {
                whole = false;
            }
        }

        value = type.IsArray || type.IsInterface ? items : Activator.CreateInstance(type, items);
        return whole;
    }

    private bool TryDictionary(Node node, Type item, string path, out object? value)
    {
        var items = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), item))!;
        value = items;
        if (node is not MapNode map)
        {
            return Expected(node, path, "a mapping of names", null);
        }

        var whole = true;
        foreach (var (key, _, entry) in map.Entries.Where(e => !e.Value.IsNull))      // null removes what a preset brought
        {
            if (TryValue(entry, item, $"{path}.{key}", null, out var bound))
            {
                items[key] = bound;
            }
            else
            {
                whole = false;
            }
        }

        return whole;
    }

    private bool TryComponents(Node node, Type type, ParameterInfo[] components, string path, out object? value)
    {
        value = null;
        var alone = type.GetConstructors().Select(c => c.GetParameters()).FirstOrDefault(p => p.Length == 1)?[0];
        if (alone is not null && node is ScalarNode { IsNull: false })
        {
            components = [alone];
        }
        else if (node is not ListNode { Items: var items } || items.Count != components.Length)
        {
            var found = node is ListNode short_ ? $"a list of {short_.Items.Count}" : node.Found;
            var or = alone is null ? string.Empty : $", or one number, the {Names.Snake(alone.Name!)}";
            faults.Add(node.Mark, path, $"is {found}; expected a list of {components.Length}: [{string.Join(", ", components.Select(c => Names.Snake(c.Name!)))}]{or}.");
            return false;
        }

        var arguments = new object?[components.Length];
        for (var i = 0; i < components.Length; i++)
        {
            var (part, place) = node is ListNode list ? (list.Items[i], $"{path}[{i}]") : (node, path);
            if (!TryValue(part, components[i].ParameterType, place, null, out arguments[i]) || !InRange(components[i], arguments[i], part, place))
            {
                return false;
            }
        }

        value = Activator.CreateInstance(type, arguments);
        return true;
    }

    private static bool FitsIn(Type type, long value) => Type.GetTypeCode(type) switch
    {
        TypeCode.Int32 => value is >= int.MinValue and <= int.MaxValue,
        TypeCode.UInt32 => value is >= 0 and <= uint.MaxValue,
        TypeCode.Byte => value is >= 0 and <= byte.MaxValue,
        TypeCode.UInt64 => value >= 0,
        TypeCode.Int64 => true,
        TypeCode.Int16 => value is >= short.MinValue and <= short.MaxValue,
        _ => false,
    };

    /// <summary>What a list holds; null for other types.</summary>
    public static Type? ElementOf(Type type) =>
        type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) && type.GetGenericArguments() is [var element] ? element
        : null;
}
