using Osteon.Abstractions;

namespace Osteon.Datasets;

/// <summary>
/// Divides cases beside a split that another experiment made of some of them: what it has stands here where it stands there, and the rest is divided by
/// itself. So a network that tests here was taught nothing of a test case by a network from there.
/// </summary>
public static class SplitContinuation
{
    private const int FaultsTold = 20;

    /// <summary>Makes the split.</summary>
    /// <param name="name">The other experiment's, for people.</param>
    /// <param name="other">Its split.</param>
    /// <param name="known">All of its cases.</param>
    /// <param name="cases">Those to divide, as for <see cref="Splitter.Create"/>.</param>
    /// <param name="plan">As many folds as the other has; the rest is divided by it.</param>
    /// <param name="seed">The run's.</param>
    /// <param name="classes">Names in channel order.</param>
    /// <exception cref="ConfigurationException">Folds or groups of the two disagree, or too few groups remain to be divided.</exception>
    public static Split Of(string name, Split other, IReadOnlyList<StoredCase> known, IReadOnlyList<(StoredCase Case, long[] ClassAreas)> cases, SplitPlan plan, long seed, IReadOnlyList<string> classes)
    {
        if (other.Folds.Count != plan.Folds)
        {
            throw new ConfigurationException($"split.like: {name} has {other.Folds.Count} fold(s), split.folds is {plan.Folds}. Give both as many.");
        }

        // Test, or the fold that validates; what only trains, as with one fold, has no turn.
        var parts = new Dictionary<string, int>(StringComparer.Ordinal);
        var groups = known.ToDictionary(c => c.Id, c => SplitGroups.Of(c, plan.Group), StringComparer.Ordinal);
        Put(other.Folds[0].Train, Trains);
        for (var fold = 0; fold < other.Folds.Count; fold++)
        {
            Put(other.Folds[fold].Validation, fold);
        }

        Put(other.Test, Tests);
        string[] faults =
        [
            .. cases.Where(c => groups.TryGetValue(c.Case.Id, out var group) && group != SplitGroups.Of(c.Case, plan.Group))
                .Select(c => $"split.like: case '{c.Case.Id}' is of {plan.Group} '{SplitGroups.Of(c.Case, plan.Group)}' here and of '{groups[c.Case.Id]}' in {name}."),
        ];
        if (faults.Length > 0)
        {
            throw new ConfigurationException([.. faults.Take(FaultsTold)]);
        }

        var placed = cases.Where(c => (c.Case.Labelled || c.Case.Source.Subset == Subset.Test) && parts.ContainsKey(SplitGroups.Of(c.Case, plan.Group)))
            .Select(c => (c.Case.Id, Part: c.Case.Source.Subset == Subset.Test ? Tests : parts[SplitGroups.Of(c.Case, plan.Group)])).ToArray();
        var ids = placed.Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        (StoredCase Case, long[] ClassAreas)[] rest = [.. cases.Where(c => !ids.Contains(c.Case.Id))];
        var own = rest.Any(c => c.Case.Labelled && c.Case.Source.Subset == Subset.Train) ? Splitter.Create(rest, plan, seed, classes) : null;
        return new Split(
            Sorted(placed.Where(p => p.Part == Tests).Select(p => p.Id), own?.Test ?? [.. rest.Where(c => c.Case.Source.Subset == Subset.Test).Select(c => c.Case.Id)]),
            [
                .. Enumerable.Range(0, plan.Folds).Select(fold => new Fold(
                    Sorted(placed.Where(p => p.Part != Tests && p.Part != fold).Select(p => p.Id), own?.Folds[fold].Train ?? []),
                    Sorted(placed.Where(p => p.Part == fold).Select(p => p.Id), own?.Folds[fold].Validation ?? []))),
            ])
        {
            Made = new SplitOrigin($"as in {name}, the rest in stratified groups", plan.Group, plan.Stratify, null),
        };

        void Put(IEnumerable<string> members, int part)
        {
            foreach (var id in members)
            {
                parts[groups.GetValueOrDefault(id) ?? throw new ConfigurationException($"split.like: {name}'s split names '{id}', which is none of its cases. Run its Split again.")] = part;
            }
        }
    }

    private const int Tests = -1, Trains = -2;

    private static string[] Sorted(IEnumerable<string> first, IReadOnlyList<string> second) => [.. first.Concat(second).Order(StringComparer.Ordinal)];
}
