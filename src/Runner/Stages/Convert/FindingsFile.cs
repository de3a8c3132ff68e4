using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>findings.json, in an order of its own, so that threads leave no trace.</summary>
internal static class FindingsFile
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter() },
    };

    public static void Save(string folder, IEnumerable<Finding> findings) =>
        AtomicFile.WriteAllText(Path.Combine(folder, "findings.json"), JsonSerializer.Serialize(Sorted(findings), Layout));

    /// <exception cref="DataException">The file is missing or damaged.</exception>
    public static IReadOnlyList<Finding> Load(string folder) => UnitJson.Read<Finding[]>(Path.Combine(folder, "findings.json"), Layout);

    private static IEnumerable<Finding> Sorted(IEnumerable<Finding> findings) => findings
        .OrderByDescending(f => f.Severity).ThenBy(f => f.Check, StringComparer.Ordinal)
        .ThenBy(f => f.Where, StringComparer.Ordinal).ThenBy(f => f.Message, StringComparer.Ordinal);
}
