using System.Text.Json;
using Osteon.Abstractions;

namespace Osteon.Checking;

/// <summary>digests.json: SHA-256 of each case's stored pixels, so that Split can prove more than names tell.</summary>
public static class PictureDigests
{
    private const string FileName = "digests.json";
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Writes the file.</summary>
    public static void Save(string folder, IEnumerable<CaseSummary> cases) => AtomicFile.WriteAllBytes(Path.Combine(folder, FileName),
        JsonSerializer.SerializeToUtf8Bytes(new SortedDictionary<string, string>(cases.ToDictionary(c => c.Id, c => c.Image.Digest), StringComparer.Ordinal), Layout));

    /// <summary>Digests by case id.</summary>
    /// <exception cref="DataException">The file is missing or damaged.</exception>
    public static IReadOnlyDictionary<string, string> Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(path)) ?? throw new JsonException("it holds null");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"the digests cannot be read ({e.Message}). Run Check again.", e);
        }
    }
}
