using System.Text.Json;
using Osteon.Abstractions;

namespace Osteon.Datasets;

/// <summary>One part of a cross-validation; case ids in ordinal order.</summary>
public sealed record Fold(IReadOnlyList<string> Train, IReadOnlyList<string> Validation);

/// <summary>How a split came about, for those who read its file.</summary>
/// <param name="By">"stratified groups", or the file it was taken from.</param>
/// <param name="Group">What never parts.</param>
/// <param name="Stratify">What was spread evenly.</param>
/// <param name="Seed">Of its chance; null for one that was taken.</param>
public sealed record SplitOrigin(string By, string Group, IReadOnlyList<string> Stratify, long? Seed);

/// <summary>Who trains, who validates, who tests; case ids in ordinal order.</summary>
/// <param name="Test">Cases no fold sees: the source's own test cases, and those held back.</param>
/// <param name="Folds">At least one.</param>
public sealed record Split(IReadOnlyList<string> Test, IReadOnlyList<Fold> Folds)
{
    /// <summary>Of the file's layout.</summary>
    public const int CurrentVersion = 2;

    /// <summary>The layout's version; files of 1 say none.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>How it came about, or null.</summary>
    public SplitOrigin? Made { get; init; }

    /// <summary>Writes JSON; the same split gives the same bytes.</summary>
    public void Save(string path) => AtomicFile.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this, JsonLayout.Options));

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="DataException">The file is missing or is no split.</exception>
    public static Split Load(string path)
    {
        try
        {
            return Parse(path, File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"the split cannot be read ({e.Message}). Run Split again.", e);
        }
    }

    /// <summary>Reads a split.json in memory.</summary>
    /// <exception cref="DataException">It is no split, or of a later version.</exception>
    internal static Split Parse(string path, ReadOnlySpan<byte> json)
    {
        try
        {
            var split = JsonSerializer.Deserialize<Split>(json, JsonLayout.Options);
            return split is { Version: > CurrentVersion }
                ? throw new DataException(path, $"the split has version {split.Version}; this program reads {CurrentVersion} and earlier ones.")
                : split is { Test: not null, Folds.Count: > 0 } && !split.Test.Contains(null!) && split.Folds.All(f => f is { Train: not null, Validation: not null } && !f.Train.Concat(f.Validation).Contains(null!))
                ? split
                : throw new DataException(path, "this is no split: 'test' and at least one of 'folds' with 'train' and 'validation' were expected. Run Split again.");
        }
        catch (JsonException e)
        {
            throw new DataException(path, $"the split cannot be read ({e.Message}). Run Split again.", e);
        }
    }

    /// <summary>Proves that no case is used twice and no patient stands on two sides of any fold.</summary>
    /// <exception cref="ConfigurationException">Lists every fault: unknown ids, ids on two sides, patients on two sides.</exception>
    public void Verify(IReadOnlyList<StoredCase> cases) => Verify(cases, SplitGroups.Patient);

    /// <summary>Proves that no case is used twice and no group stands on two sides of any fold.</summary>
    /// <param name="cases">All there are.</param>
    /// <param name="group">What never parts, as <see cref="SplitPlan.Group"/> names it.</param>
    /// <exception cref="ConfigurationException">Lists every fault: unknown ids, ids on two sides, groups on two sides.</exception>
    public void Verify(IReadOnlyList<StoredCase> cases, string group)
    {
        var groups = cases.ToDictionary(c => c.Id, c => SplitGroups.Of(c, group), StringComparer.Ordinal);
        var faults = new List<string>();
        for (var i = 0; i < Folds.Count; i++)
        {
            var side = new Dictionary<string, string>(StringComparer.Ordinal);
            var used = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (name, ids) in new[] { ("test", Test), ("train", Folds[i].Train), ("validation", Folds[i].Validation) })
            {
                foreach (var id in ids)
                {
                    if (!groups.TryGetValue(id, out var of))
                    {
                        faults.Add($"Fold {i}: case '{id}' in {name} is none of the {cases.Count} cases.");
                    }
                    else if (!used.Add(id))
                    {
                        faults.Add($"Fold {i}: case '{id}' stands in {name} and a second time.");
                    }
                    else if (side.TryAdd(of, name) is false && side[of] != name)
                    {
                        faults.Add($"Fold {i}: {group} '{of}' stands in {side[of]} and, by case '{id}', in {name}.");
                    }
                }
            }
        }

        if (faults.Count > 0)
        {
            throw new ConfigurationException(faults.Distinct().ToList());
        }
    }
}
