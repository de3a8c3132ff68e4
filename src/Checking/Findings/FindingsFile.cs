using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osteon.Abstractions;

namespace Osteon.Checking;

/// <summary>findings.json, in an order of its own, so that threads leave no trace.</summary>
public static class FindingsFile
{
    /// <summary>The file's name.</summary>
    public const string FileName = "findings.json";

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Writes the file, sorted.</summary>
    public static void Save(string folder, IEnumerable<Finding> findings) =>
        AtomicFile.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(Sorted(findings), Layout));

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="DataException">The file is missing or damaged.</exception>
    public static IReadOnlyList<Finding> Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return JsonSerializer.Deserialize<Finding[]>(File.ReadAllBytes(path), Layout) ?? throw new JsonException("it holds null");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"the findings cannot be read ({e.Message}). Run Check again.", e);
        }
    }

    /// <summary>The gravest first, then by rule and place.</summary>
    public static IReadOnlyList<Finding> Sorted(IEnumerable<Finding> findings) =>
    [
        .. findings.OrderByDescending(f => f.Severity).ThenBy(f => f.Check, StringComparer.Ordinal)
            .ThenBy(f => f.Where, StringComparer.Ordinal).ThenBy(f => f.Message, StringComparer.Ordinal),
    ];
}
