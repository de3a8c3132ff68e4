using Osteon.Abstractions;
using Osteon.Datasets;

namespace Osteon.Runner;

/// <summary>The cases a fold's networks are validated on: none of them was learned from.</summary>
internal static class ValidationCases
{
    /// <summary>In the data set's order.</summary>
    public static IReadOnlyList<StoredCase> Of(ExperimentSession session, CaseStore store, int fold)
    {
        var ids = Split.Load(Path.Combine(session.OutputOf("Split").Folder, SplitStage.FileName)).Folds[fold].Validation.ToHashSet(StringComparer.Ordinal);
        return [.. store.Cases.Where(c => ids.Contains(c.Id))];
    }

    /// <summary>The group that a nested check keeps apart: the fold, or with one fold the patient.</summary>
    public static string GroupOf(Plan plan, int fold, string patient) => InferFolds.Of(plan).Count > 1 ? $"fold {fold}" : patient;
}
