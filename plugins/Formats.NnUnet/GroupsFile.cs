using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osteon.Abstractions;

namespace Osteon.Plugins.NnUnet;

/// <summary>
/// groups.json, beside data sets that are one: nnU-Net gives a pixel one label, so classes that overlap stand in data sets of their own. The file says which
/// class is which label of which, so that results can be put together again.
/// </summary>
/// <param name="About">For people.</param>
/// <param name="Classes">All classes in channel order.</param>
/// <param name="Datasets">In their order.</param>
internal sealed record GroupsFile(string About, IReadOnlyList<string> Classes, IReadOnlyList<GroupsFile.Group> Datasets)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "groups.json";

    private const long MaxBytes = 1 << 20;

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>One data set.</summary>
    /// <param name="Folder">Beside this file.</param>
    /// <param name="Labels">Its classes and their values.</param>
    public sealed record Group(string Folder, IReadOnlyDictionary<string, int> Labels);

    /// <summary>Writes the file.</summary>
    public void Save(string folder) => AtomicFile.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Layout) + "\n");

    /// <summary>The file, as it lies in a root.</summary>
    /// <exception cref="DataException">It is damaged.</exception>
    public static GroupsFile Load(string root)
    {
        try
        {
            var path = ConfinedPath.Of(root, FileName);
            var file = new FileInfo(path).Length <= MaxBytes ? JsonSerializer.Deserialize<GroupsFile>(File.ReadAllBytes(path), Layout) : null;
            return file is { Classes.Count: > 0, Datasets.Count: > 0 } && !file.Classes.Contains(null!) && file.Datasets.All(d => d is { Folder.Length: > 0 } && !d.Folder.Contains('/') && !d.Folder.Contains('\0') && d.Folder is not ("." or ".."))
                ? file
                : throw new DataException(FileName, "does not list classes and the folders of their data sets.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DataException(FileName, $"cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The data sets' folders.</summary>
    /// <exception cref="DataException">The file is damaged, or names a folder without a data set.</exception>
    public static IReadOnlyList<string> Folders(string root)
    {
        string[] folders = [.. Load(root).Datasets.Select(d => d.Folder).Distinct(StringComparer.Ordinal)];
        string[] missing = [.. folders.Where(f => !File.Exists(Path.Combine(root, f, DatasetJson.FileName)))];
        return missing.Length == 0 ? folders : throw new DataException(FileName, $"names {string.Join(", ", missing.Take(8).Select(m => $"'{m}'"))}{(missing.Length > 8 ? ", …" : string.Empty)}, where no {DatasetJson.FileName} lies; one data set is spread over all of these folders.");
    }
}
