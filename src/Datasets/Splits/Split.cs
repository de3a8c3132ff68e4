using System.Text.Json;
using Osteon.Abstractions;

namespace Osteon.Datasets;

/// <summary>One part of a cross-validation; case ids in ordinal order.</summary>
public sealed record Fold(IReadOnlyList<string> Train, IReadOnlyList<string> Validation);

/// <summary>Who trains, who validates, who tests; case ids in ordinal order.</summary>
/// <param name="Test">Cases no fold sees: the source's own test cases, and those held back.</param>
/// <param name="Folds">At least one.</param>
public sealed record Split(IReadOnlyList<string> Test, IReadOnlyList<Fold> Folds)
{
    /// <summary>Writes JSON; the same split gives the same bytes.</summary>
    public void Save(string path) => AtomicFile.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this, JsonLayout.Options));

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="DataException">The file is missing or is no split.</exception>
    public static Split Load(string path)
    {
        try
        {
            var split = JsonSerializer.Deserialize<Split>(File.ReadAllBytes(path), JsonLayout.Options);
            return split is { Test: not null, Folds.Count: > 0 } && !split.Test.Contains(null!) && split.Folds.All(f => f is { Train: not null, Validation: not null } && !f.Train.Concat(f.Validation).Contains(null!))
                ? split
                : throw new DataException(path, "this is no split: 'test' and at least one of 'folds' with 'train' and 'validation' were expected. Run Split again.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"the split cannot be read ({e.Message}). Run Split again.", e);
        }
    }

    /// <summary>Proves that no case is used twice and no patient stands on two sides of any fold.</summary>
    /// <exception cref="ConfigurationException">Lists every fault: unknown ids, ids on two sides, patients on two sides.</exception>
    public void Verify(IReadOnlyList<StoredCase> cases)
    {
        var patients = cases.ToDictionary(c => c.Id, c => c.Source.Patient, StringComparer.Ordinal);
        var faults = new List<string>();
        for (var i = 0; i < Folds.Count; i++)
        {
            var side = new Dictionary<string, string>(StringComparer.Ordinal);
            var used = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (name, ids) in new[] { ("test", Test), ("train", Folds[i].Train), ("validation", Folds[i].Validation) })
            {
                foreach (var id in ids)
                {
                    if (!patients.TryGetValue(id, out var patient))
                    {
                        faults.Add($"Fold {i}: case '{id}' in {name} is none of the {cases.Count} cases.");
                    }
                    else if (!used.Add(id))
                    {
                        faults.Add($"Fold {i}: case '{id}' stands in {name} and a second time.");
                    }
                    else if (side.TryAdd(patient, name) is false && side[patient] != name)
                    {
                        faults.Add($"Fold {i}: patient '{patient}' stands in {side[patient]} and, by case '{id}', in {name}.");
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
