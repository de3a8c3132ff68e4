using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Osteon.Abstractions;

/// <summary>The rules that options state about themselves, for options that were made in code: the engine checks those of an experiment file as it reads them.</summary>
public static class OptionRules
{
    /// <summary>These options, when each keeps its <see cref="RangeAttribute"/>, and what <see cref="IValidatableObject"/> says holds.</summary>
    /// <exception cref="ConfigurationException">Some do not; all are told at once.</exception>
    public static T Checked<T>(this T options) where T : class
    {
        List<string> faults =
        [
            .. options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => Fault(p, p.GetValue(options))).OfType<string>(),
        ];
        if (faults.Count == 0 && options is IValidatableObject whole)
        {
            faults.AddRange(whole.Validate(new ValidationContext(options)).Select(f => string.Join(' ', f.MemberNames.Select(Snake).Append(f.ErrorMessage!))));
        }

        return faults.Count == 0 ? options : throw new ConfigurationException(faults);
    }

    /// <summary>How an option is written in YAML.</summary>
    public static string NameOf(PropertyInfo option) => option.GetCustomAttribute<NamedAttribute>()?.Name ?? Snake(option.Name);

    private static string? Fault(PropertyInfo option, object? value) => option.GetCustomAttribute<AllowedValuesAttribute>() is { } choice && !choice.IsValid(value)
        ? $"{NameOf(option)} '{Text(value)}' is unknown. Allowed: {string.Join(", ", choice.Values)}."
        : option.GetCustomAttribute<RangeAttribute>() is not { } range || range.IsValid(value) ? null
        : range is WithinAttribute within ? $"{NameOf(option)} {Text(value)} is not allowed; expected {within.Allowed(Nullable.GetUnderlyingType(option.PropertyType) ?? option.PropertyType)}."
        : $"{NameOf(option)} {Text(value)} is outside {(range.MinimumIsExclusive ? '(' : '[')}{Text(range.Minimum)}, {Text(range.Maximum)}{(range.MaximumIsExclusive ? ')' : ']')}.";

    private static string Text(object? value) => value switch
    {
        System.Runtime.CompilerServices.ITuple tuple => $"[{string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Text(tuple[i])))}]",
        IEnumerable list and not string => $"[{string.Join(", ", list.Cast<object?>().Select(Text))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null",
    };

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
