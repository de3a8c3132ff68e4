using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Testing;

namespace Osteon.Augmentations.Tests;

/// <summary>
/// docs/augmentations.md names every augmentation with every option, its default and what it allows, as the code says them. With
/// OSTEON_WRITE_DOCS=1 the test writes the page's reference instead of comparing it.
/// </summary>
public sealed partial class ReferencePageTests
{
    private const string Start = "<!-- reference: written by ReferencePageTests -->";

    private static readonly Dictionary<string, XElement> Comments = Directory.GetFiles(AppContext.BaseDirectory, "*.xml")
        .Where(f => Path.GetFileName(f) is "Osteon.Abstractions.xml" || Path.GetFileName(f).StartsWith("Augmentations.", StringComparison.Ordinal))
        .SelectMany(f => XDocument.Load(f).Descendants("member"))
        .ToDictionary(m => (string)m.Attribute("name")!);

    [Fact]
    public void The_page_tells_what_the_code_says()
    {
        var path = Path.Combine(SharedData.RepositoryRoot, "docs", "augmentations.md");
        var page = File.ReadAllText(path);
        var head = page[..(page.IndexOf(Start, StringComparison.Ordinal) + Start.Length)];
        var expected = head + "\n\n" + Reference();
        if (Environment.GetEnvironmentVariable("OSTEON_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, expected);
        }

        Assert.Equal(expected, File.ReadAllText(path));
    }

    private static string Reference()
    {
        var text = new StringBuilder();
        foreach (var plugin in EveryAugmentationTests.All.GroupBy(a => a.Value.Assembly.GetName().Name!).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"## {plugin.Key}\n\n");
            foreach (var (name, type) in plugin.OrderBy(a => a.Key, StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"### {name}\n\n{Text($"T:{type.FullName}", "summary")}\n\n");
                if (Text($"T:{type.FullName}", "remarks") is { Length: > 0 } remarks)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{remarks}\n\n");
                }

                if (type.GetConstructors()[0].GetParameters() is [var options])
                {
                    text.Append("| option | default | allowed | meaning |\n|---|---|---|---|\n");
                    foreach (var row in Rows(options.ParameterType))
                    {
                        text.Append(row).Append('\n');
                    }

                    text.Append('\n');
                }
            }
        }

        return text.ToString().TrimEnd() + "\n";
    }

    private static IEnumerable<string> Rows(Type type)
    {
        var standard = Activator.CreateInstance(type)!;
        foreach (var property in OptionSamples.Properties(type).OrderBy(p => p.Name == "P").ThenBy(p => p.Name is "Compat").ThenBy(p => p.DeclaringType != type))
        {
            var written = property.IsDefined(typeof(RequiredMemberAttribute)) ? "must be written" : $"`{Value(property.GetValue(standard))}`";
            yield return $"| `{OptionRules.NameOf(property)}` | {written} | {Allowed(property)} | {Text($"P:{property.DeclaringType!.FullName}.{property.Name}", "summary")} |";
        }
    }

    private static string Allowed(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return property.GetCustomAttribute<RangeAttribute>() switch
        {
            WithinAttribute within => within.Allowed(type),
            { } range => $"{(range.MinimumIsExclusive ? "above" : "at least")} {Value(range.Minimum)}, at most {Value(range.Maximum)}",
            null => property.GetCustomAttribute<AllowedValuesAttribute>() is { } values ? string.Join(", ", values.Values)
                : type.IsEnum ? string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName))
                : type == typeof(bool) ? "true, false"
                : type == typeof(long) ? "a whole number"
                : type.IsAssignableTo(typeof(IEnumerable<Augmentation>)) ? "augmentations"
                : type.IsAssignableTo(typeof(IEnumerable)) && type != typeof(string) ? "a list"
                : type == typeof(string) ? "text" : "a mapping",
        };
    }

    private static string Value(object? value) => value switch
    {
        null => "null",
        string text => text,
        bool flag => flag ? "true" : "false",
        Enum name => JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString()),
        Frame frame => $"[{frame.Height}, {frame.Width}]",
        ITuple tuple => $"[{string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Value(tuple[i])))}]",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Value))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ when value.GetType().GetMethod("<Clone>$") is not null => $"{{{string.Join(", ", OptionSamples.Properties(value.GetType()).Select(p => $"{OptionRules.NameOf(p)}: {Value(p.GetValue(value))}"))}}}",
        _ => value.ToString()!,
    };

    private static string Text(string member, string part)
    {
        var element = Comments.GetValueOrDefault(member)?.Element(part);
        Assert.True(element is not null || part == "remarks", $"{member} has no {part}.");
        if (element is null)
        {
            return string.Empty;
        }

        foreach (var reference in element.Descendants("see").ToArray())
        {
            reference.ReplaceWith($"`{((string)reference.Attribute("cref")!).Split('.')[^1]}`");
        }

        foreach (var code in element.Descendants("c").ToArray())
        {
            code.ReplaceWith($"`{code.Value}`");
        }

        return Spaces().Replace(element.Value, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
