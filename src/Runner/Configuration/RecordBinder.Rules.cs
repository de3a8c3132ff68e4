using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Osteon.Abstractions;

namespace Osteon.Runner.Configuration;

/// <summary>What records say about their own values: ranges, what must be written, what holds between options, and which kinds there are.</summary>
internal sealed partial class RecordBinder
{
    /// <summary>The kind of an abstract record that goes by a name; null after a fault in the name.</summary>
    /// <param name="type">An abstract record.</param>
    /// <param name="name">As written.</param>
    /// <param name="mark">Where.</param>
    /// <param name="options">The kind's own.</param>
    /// <param name="path">Of the choice, for faults.</param>
    public object? Kind(Type type, string name, Mark? mark, Node options, string path)
    {
        var kinds = Names.Kinds(type);
        if (kinds.TryGetValue(name, out var kind))
        {
            return Record(options, kind, $"{path}.{name}");
        }

        faults.Add(mark, path, $"'{name}' is unknown{Nearest.Hint(name, kinds.Keys)}. Allowed: {string.Join(", ", kinds.Keys.Order(StringComparer.Ordinal))}.");
        return null;
    }

    private bool InRange(ICustomAttributeProvider member, object? value, Node node, string path)
    {
        if (member.GetCustomAttributes(typeof(RangeAttribute), inherit: true) is not [RangeAttribute range] || range.IsValid(value))
        {
            return true;
        }

        if (range is WithinAttribute within)
        {
            faults.Add(node.Mark, path, $"is {(node is ScalarNode || value is null ? node.Found : value)}; expected {within.Allowed(value?.GetType() ?? typeof(object))}.");
            return false;
        }

        var (low, high) = (Number(range.Minimum), Number(range.Maximum));
        var (kind, limit) = range.OperandType == typeof(int) ? ("a whole number", (double)int.MaxValue) : ("a number", double.MaxValue);
        var bounds = high == limit ? $"{(range.MinimumIsExclusive ? "above" : "of at least")} {Text(low)}"
            : range.OperandType == typeof(int) ? $"from {Text(low)} to {Text(high)}"
            : $"in {(range.MinimumIsExclusive ? '(' : '[')}{Text(low)}, {Text(high)}{(range.MaximumIsExclusive ? ')' : ']')}";
        faults.Add(node.Mark, path, $"is {node.Found}; expected {kind} {bounds}.");
        return false;

        static double Number(object bound) => System.Convert.ToDouble(bound, CultureInfo.InvariantCulture);

        static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Asks what can only be asked of a record as a whole; what holds between options, only when each by itself is right.</summary>
    private void CheckWhole(MapNode map, object record, IReadOnlyDictionary<string, PropertyInfo> properties, string path, IReadOnlyDictionary<string, string>? given, int before)
    {
        foreach (var (key, property) in properties.Where(p => p.Value.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute))))
        {
            if (map[key] is null && given?.ContainsKey(key) != true)
            {
                faults.Add(map.Mark, $"{path}.{key}", $"is missing, and has no default; expected {What(property.PropertyType)}.");
            }
        }

        if (record is not IValidatableObject whole || faults.Count > before)
        {
            return;
        }

        foreach (var fault in whole.Validate(new ValidationContext(record)))
        {
            var key = properties.FirstOrDefault(p => fault.MemberNames.Contains(p.Value.Name)).Key;
            faults.Add(map[key ?? string.Empty]?.Mark ?? map.Mark, key is null ? path : $"{path}.{key}", fault.ErrorMessage!);
        }
    }

    private static string What(Type type) => ElementOf(type) is null ? Kind(type) : "a list";
}
