using Osteon.Datasets;
using Osteon.Reporting;

namespace Osteon.Runner;

/// <summary>Classes that a network never says, by its own validation cases.</summary>
internal static class UnpredictedClasses
{
    /// <summary>Each class and member where validation cases have the class and the member predicts it in none of them; by class, then in plan order.</summary>
    public static IReadOnlyList<UnpredictedClass> Of(ExperimentSession session, CaseStore store, CancellationToken cancellation)
    {
        var present = new Dictionary<string, bool[]>(StringComparer.Ordinal);
        var found = new List<(int Class, UnpredictedClass Line)>();
        foreach (var member in Member.Predicting(session.Plan))
        {
            StoredCase[] cases = [.. ValidationCases.Of(session, store, member.Fold)];
            var (having, labelled, predicted) = (new int[store.Classes.Count], 0, new bool[store.Classes.Count]);
            foreach (var (stored, masks) in SubmissionMasks.Read(Path.Combine(session.OutputOf(member.UnitOf("Validate")).Folder, ValidateStage.Predictions), cases, store.Classes))
            {
                cancellation.ThrowIfCancellationRequested();
                if (!stored.Labelled)
                {
                    continue;
                }

                labelled++;
                var has = present.TryGetValue(stored.Id, out var known) ? known : present[stored.Id] = [.. store.ReadTruth(stored).Select(mask => mask.Area > 0)];
                for (var k = 0; k < having.Length; k++)
                {
                    having[k] += has[k] ? 1 : 0;
                    predicted[k] |= masks[k].Area > 0;
                }
            }

            found.AddRange(from k in Enumerable.Range(0, having.Length)
                           where having[k] > 0 && !predicted[k]
                           select (k, new UnpredictedClass(store.Classes[k], member.ToString(), having[k], labelled)));
        }

        return [.. found.OrderBy(f => f.Class).Select(f => f.Line)];
    }
}
