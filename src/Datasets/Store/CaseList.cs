using System.Text.Json;
using System.Text.Json.Serialization;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Datasets;

/// <summary>cases.json: classes and cases in their order. The same cases give the same bytes.</summary>
internal sealed record CaseList
{
    private const int CurrentVersion = 1;

    public required int Version { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    public required IReadOnlyList<Entry> Cases { get; init; }

    /// <summary>A case, flat.</summary>
    public sealed record Entry(
        string Id, string Patient, Subset Subset, string Image, string? Label, bool Labelled, Frame Original, Frame Stored,
        SortedDictionary<string, string> Metadata)
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public Box? Crop { get; init; }

        public StoredCase ToCase() =>
            new(new CaseSource(Id, Patient, Subset, Image, Label) { Metadata = Metadata }, Original, Stored, Labelled) { Crop = Crop };

        public static Entry Of(StoredCase c) => new(
            c.Id, c.Source.Patient, c.Source.Subset, c.Source.ImagePath, c.Source.LabelPath, c.Labelled, c.Original, c.Stored,
            new SortedDictionary<string, string>(c.Source.Metadata.ToDictionary(), StringComparer.Ordinal)) { Crop = c.Crop };
    }

    public static byte[] Write(IReadOnlyList<string> classes, IReadOnlyList<StoredCase> cases) => JsonSerializer.SerializeToUtf8Bytes(
        new CaseList { Version = CurrentVersion, Classes = classes, Cases = [.. cases.Select(Entry.Of)] }, JsonLayout.Options);

    /// <exception cref="DataException">The file is missing, damaged or of another version.</exception>
    public static (IReadOnlyList<string> Classes, IReadOnlyList<StoredCase> Cases) Read(string path)
    {
        CaseList list;
        try
        {
            list = JsonSerializer.Deserialize<CaseList>(File.ReadAllBytes(path), JsonLayout.Options) ?? throw new JsonException("it holds null");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"this is no readable list of cases ({e.Message}). Run Convert again.", e);
        }

        var fault = list.Version != CurrentVersion ? $"version {list.Version}; this program reads {CurrentVersion}"
            : list.Classes is null or { Count: 0 or > LabelMap.MaxClasses } ? $"{list.Classes?.Count} classes"
            : list.Classes.Any(string.IsNullOrEmpty) ? "a class without a name"
            : list.Cases is null || list.Cases.Any(c => c is not { Id: { Length: > 0 }, Patient: not null, Image: not null, Metadata: not null }) ? "a case without id, patient or image"
            : list.Cases.Any(c => c.Crop is { } crop && !crop.IsWithin(c.Original)) ? "a part that leaves its image"
            : list.Cases.Select(c => c.Id).Distinct(StringComparer.Ordinal).Count() != list.Cases.Count ? "an id twice"
            : null;
        return fault is null
            ? (list.Classes!, [.. list.Cases!.Select(c => c.ToCase())])
            : throw new DataException(path, $"the list of cases has {fault}. Run Convert again.");
    }
}
