using Osteon.Datasets;

namespace Osteon.Runner;

/// <summary>The cases everything is measured on.</summary>
internal static class TestCases
{
    /// <summary>Test cases in the data set's order, which is a submission's.</summary>
    public static IReadOnlyList<StoredCase> Of(ExperimentSession session, CaseStore store)
    {
        var test = Split.Load(Path.Combine(session.OutputOf("Split").Folder, SplitStage.FileName)).Test.ToHashSet(StringComparer.Ordinal);
        return [.. store.Cases.Where(c => test.Contains(c.Source.Id))];
    }
}
