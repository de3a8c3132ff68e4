using System.Text.Json;
using System.Text.Json.Serialization;
using Osteon.Abstractions;

namespace Osteon.Datasets;

/// <summary>A file of a case that could not be read; the case is not in the store.</summary>
/// <param name="Case">The case's id.</param>
/// <param name="Path">Relative to the data set's root.</param>
/// <param name="IsLabel">False for an image.</param>
/// <param name="What">What is wrong, without the file's name.</param>
public sealed record UnreadFile(string Case, string Path, bool IsLabel, string What);

/// <summary>What conversion.json keeps beside the store: what the format found about the folder, and what could not be read.</summary>
/// <param name="KnownClasses">Names that a label may have: the format's and the experiment's.</param>
/// <param name="Layout">The format's findings.</param>
/// <param name="Unread">In the cases' order.</param>
public sealed record ConversionRecord(IReadOnlyList<string> KnownClasses, IReadOnlyList<Finding> Layout, IReadOnlyList<UnreadFile> Unread)
{
    private static readonly JsonSerializerOptions Options = new(JsonLayout.Options) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>The file's name.</summary>
    public const string FileName = "conversion.json";

    /// <summary>Writes it; the same record gives the same bytes.</summary>
    public void Save(string folder) => AtomicFile.WriteAllBytes(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, Options));

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="DataException">The file is missing or damaged.</exception>
    public static ConversionRecord Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return JsonSerializer.Deserialize<ConversionRecord>(File.ReadAllBytes(path), Options) is { KnownClasses: not null, Layout: not null, Unread: not null } record
                ? record
                : throw new DataException(path, "this is no record of a conversion. Run Convert again.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"the record of the conversion cannot be read ({e.Message}). Run Convert again.", e);
        }
    }
}
