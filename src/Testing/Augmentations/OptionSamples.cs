using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Testing;

/// <summary>Makes options records by what their properties say of themselves: some that must be taken, and some that must be refused.</summary>
public static class OptionSamples
{
    private static readonly Type[] Numeric = [typeof(int), typeof(double), typeof(float), typeof(Interval), typeof(WholeInterval), typeof(PerAxis), typeof(Frame)];

    /// <summary>Options with their defaults; what must be written gets a value in the middle of what is allowed.</summary>
    /// <param name="type">A record with a parameterless constructor.</param>
    /// <param name="child">What a container is to hold.</param>
    public static object Default(Type type, Func<Augmentation> child)
    {
        var options = Activator.CreateInstance(type)!;
        foreach (var property in Properties(type).Where(p => p.IsDefined(typeof(RequiredMemberAttribute)) || p.PropertyType.IsAssignableTo(typeof(IEnumerable<Augmentation>))))
        {
            property.SetValue(options, property.PropertyType.IsAssignableTo(typeof(IEnumerable<Augmentation>)) ? new[] { child() } : Allowed(property));
        }

        return options;
    }

    /// <summary>The properties an experiment may write.</summary>
    public static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p is { CanRead: true, SetMethod.IsPublic: true });

    /// <summary>Numbers must say what they allow; a 64-bit word of classes allows all.</summary>
    public static bool WantsRange(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return Numeric.Contains(type) || type.IsAssignableTo(typeof(IReadOnlyList<int>)) || (type.IsValueType && type.IsAssignableTo(typeof(ITuple)));
    }

    /// <summary>Values just outside what a property's range allows.</summary>
    public static IEnumerable<object> Refused(PropertyInfo property)
    {
        var range = property.GetCustomAttribute<RangeAttribute>()!;
        var (low, high) = Bounds(property);
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var whole = range.OperandType == typeof(int) || type == typeof(WholeInterval) || type == typeof(Frame) || type.IsAssignableTo(typeof(IReadOnlyList<int>))
            || (type.IsAssignableTo(typeof(ITuple)) && type != typeof(PerAxis));
        List<double> outside = [];
        if (low > (whole ? int.MinValue : -double.MaxValue))
        {
            outside.Add(range.MinimumIsExclusive ? low : low - Math.Max(1, Math.Abs(low) * 1e-6));
        }

        if (high < (whole ? int.MaxValue : double.MaxValue))
        {
            outside.Add(range.MaximumIsExclusive ? high : high + Math.Max(1, Math.Abs(high) * 1e-6));
        }

        if (!whole)
        {
            outside.Add(double.NaN);
        }

        var inside = Inside(low, high);
        foreach (var value in outside)
        {
            yield return Make(type, value, inside);
            if (type == typeof(Interval) || type == typeof(WholeInterval) || type == typeof(Frame))
            {
                yield return Make(type, inside, value);
            }
        }

        if (type == typeof(Interval) || type == typeof(WholeInterval) || type == typeof(PerAxis))
        {
            yield return Make(type, Inside(inside, high), range.MinimumIsExclusive ? inside : low);
        }
    }

    /// <summary>A copy of a record with another value in one property.</summary>
    public static object With(object options, PropertyInfo property, object? value)
    {
        var copy = options.GetType().GetMethod("<Clone>$")!.Invoke(options, null)!;
        property.SetValue(copy, value);
        return copy;
    }

    private static object Allowed(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type == typeof(string))
        {
            return string.Empty;
        }

        var (low, high) = Bounds(property);
        var inside = Math.Clamp(16, low, high);
        return Make(type, inside, inside);
    }

    private static (double Low, double High) Bounds(PropertyInfo property)
    {
        var range = property.GetCustomAttribute<RangeAttribute>() ?? throw new InvalidOperationException($"{property.DeclaringType!.Name}.{property.Name} states no range: [Range(…)] or [Within(…)].");
        return (System.Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture), System.Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture));
    }

    private static double Inside(double low, double high) => high - low > 2 ? low + 1 : low + ((high - low) / 2);

    private static object Make(Type type, double first, double second) =>
        type == typeof(int) ? (int)first
        : type == typeof(double) ? first
        : type == typeof(float) ? (float)first
        : type == typeof(Interval) ? new Interval(first, second)
        : type == typeof(WholeInterval) ? new WholeInterval((int)first, (int)second)
        : type == typeof(PerAxis) ? new PerAxis(new Interval(first, second), new Interval(first, second))
        : type == typeof(Frame) ? new Frame((int)first, (int)second)
        : type == typeof((int, int)) ? ((int)first, (int)second)
        : type.IsAssignableFrom(typeof(int[])) ? new[] { (int)first, (int)second }
        : type.IsAssignableFrom(typeof(double[])) ? new[] { first, second }
        : type == typeof((double, double)) ? (first, second)
        : throw new NotSupportedException($"Options of type {type.Name} are not known here.");
}
