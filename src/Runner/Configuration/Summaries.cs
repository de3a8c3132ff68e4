using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Osteon.Runner.Configuration;

/// <summary>Summaries out of the documentation of assemblies; what has none stays without.</summary>
/// <param name="folders">Where files NAME.xml lie.</param>
internal sealed partial class Summaries(IReadOnlyList<string> folders)
{
    private readonly Dictionary<Assembly, Dictionary<string, string>> _known = [];

    /// <summary>A property's summary in plain text; null where there is none.</summary>
    public string? Of(PropertyInfo property)
    {
        var type = property.DeclaringType!;
        if (!_known.TryGetValue(type.Assembly, out var members))
        {
            _known[type.Assembly] = members = Read(type.Assembly);
        }

        return members.GetValueOrDefault($"P:{type.FullName?.Replace('+', '.')}.{property.Name}");
    }

    private Dictionary<string, string> Read(Assembly assembly)
    {
        var name = $"{assembly.GetName().Name}.xml";
        if (folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is not { } file)
        {
            return [];
        }

        try
        {
            // Beside a plugin lies anything: no references out of the file are followed.
            using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XDocument.Load(reader).Descendants("member")
                .Select(m => (Name: (string?)m.Attribute("name"), Summary: m.Element("summary")))
                .Where(m => m is { Name: not null, Summary: not null })
                .GroupBy(m => m.Name!, m => Text(m.Summary!))
                .ToDictionary(m => m.Key, m => m.First(), StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or XmlException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }

    private static string Text(XElement summary) => Spaces().Replace(string.Concat(summary.Nodes().Select(n => n switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "seealso" or "paramref" } e => ((string?)e.Attribute("cref") ?? (string?)e.Attribute("langword") ?? (string?)e.Attribute("name") ?? string.Empty).Split('.', ':')[^1],
        XElement e => e.Value,
        _ => string.Empty,
    })), " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
