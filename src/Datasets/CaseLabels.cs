using System.Text.Json;
using Osteon.Abstractions;

namespace Osteon.Datasets;

/// <summary>The one class of each case as a whole, which a classification learns; labels.json.</summary>
/// <param name="Classes">Names in the order of a network's outputs; from 2 to 64.</param>
/// <param name="ByCase">The class's place, by case id; cases without a label are not there.</param>
public sealed record CaseLabels(IReadOnlyList<string> Classes, IReadOnlyDictionary<string, int> ByCase)
{
    /// <summary>The file's name in a unit's folder.</summary>
    public const string FileName = "labels.json";

    /// <summary>Cases that are to train and have no label, each with the reason, in the store's order.</summary>
    public IReadOnlyDictionary<string, string> Unlabelled { get; init; } = new Dictionary<string, string>();

    /// <summary>The class of a case.</summary>
    /// <exception cref="ConfigurationException">It has none.</exception>
    public int this[string id] => Find(id) ?? throw new ConfigurationException($"case '{id}' has no label of its image.");

    /// <summary>The class of a case, or null.</summary>
    public int? Find(string id) => ByCase.TryGetValue(id, out var label) ? label : null;

    /// <summary>How many of some cases each class has.</summary>
    public int[] Count(IEnumerable<StoredCase> cases)
    {
        var counts = new int[Classes.Count];
        foreach (var stored in cases)
        {
            if (Find(stored.Id) is { } label)
            {
                counts[label]++;
            }
        }

        return counts;
    }

    /// <summary>Writes labels.json; equal labels give equal bytes.</summary>
    public void Save(string folder) => AtomicFile.WriteAllBytes(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this with
    {
        ByCase = new SortedDictionary<string, int>(ByCase.ToDictionary(), StringComparer.Ordinal),
    }, JsonLayout.Options));

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="DataException">The file is missing or damaged.</exception>
    public static CaseLabels Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return JsonSerializer.Deserialize<CaseLabels>(File.ReadAllBytes(path), JsonLayout.Options) is { Classes.Count: > 0, ByCase: not null, Unlabelled: not null } labels
                && labels.ByCase.Values.All(k => k >= 0 && k < labels.Classes.Count)
                ? labels
                : throw new DataException(path, "holds no labels of images. Run Label again.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"the labels of images cannot be read ({e.Message}). Run Label again.", e);
        }
    }
}
