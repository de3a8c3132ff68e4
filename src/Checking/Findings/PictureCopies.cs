using System.Text.Json;
using Osteon.Abstractions;

namespace Osteon.Checking;

/// <summary>pictures.json: which cases show one picture, so that Split can prove more than names tell.</summary>
/// <param name="Digests">SHA-256 of each case's stored pixels, by id.</param>
/// <param name="Near">Pairs of ids whose pictures are all but the same.</param>
public sealed record PictureCopies(SortedDictionary<string, string> Digests, IReadOnlyList<IReadOnlyList<string>> Near)
{
    private const string FileName = "pictures.json";
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Looks for them, whoever the patients are.</summary>
    public static PictureCopies Of(CheckedData data) => new(
        new SortedDictionary<string, string>(data.Cases.ToDictionary(c => c.Id, c => c.Image.Digest), StringComparer.Ordinal),
        [.. Copies.Near(data.Cases, data.Thresholds).Select(pair => (string[])[pair.First.Id, pair.Copy.Id])]);

    /// <summary>Writes the file.</summary>
    public void Save(string folder) => AtomicFile.WriteAllBytes(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, Layout));

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="DataException">The file is missing or damaged.</exception>
    public static PictureCopies Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return JsonSerializer.Deserialize<PictureCopies>(File.ReadAllBytes(path), Layout) is { Digests: not null, Near: not null } found && found.Near.All(pair => pair is [not null, not null])
                ? found
                : throw new JsonException("it holds something else");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"which pictures are copies cannot be read ({e.Message}). Run Check again.", e);
        }
    }
}
