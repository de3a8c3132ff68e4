using Osteon.Datasets;
using Osteon.Inference;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>
/// Validation cases with what networks predicted of them that had not learned from them, for choices that test cases must not make: at the thresholds in
/// use, and, for the check of the choice, at those that the other groups of cases would have tuned.
/// </summary>
internal static class OutOfFold
{
    /// <summary>Those of a model's folds that predict, with labels.</summary>
    public static IReadOnlyList<ValidationCase> Of(ExperimentSession session, CaseStore store, string model)
    {
        using var masks = new ValidationMasks(session, store);
        return Of(session, store, masks, [model], (fold, stored, without) => masks.Of(new Member(model, fold), stored, without));
    }

    /// <summary>
    /// The same of the vote, by its own rule and weights: each fold's cases are voted for by the members of that fold. Of a number of votes that is
    /// asked for they need the same share.
    /// </summary>
    public static IReadOnlyList<ValidationCase> OfVote(ExperimentSession session, CaseStore store, IReadOnlyList<Member> members, IReadOnlyList<double> weights)
    {
        var plan = session.Plan;
        using var masks = new ValidationMasks(session, store);
        return Of(session, store, masks, [.. members.Where((_, m) => weights[m] > 0).Select(m => m.Model).Distinct()], (fold, stored, without) =>
        {
            int[] own = [.. Enumerable.Range(0, members.Count).Where(m => members[m].Fold == fold && weights[m] > 0)];
            double[] counts = [.. own.Select(m => weights[m])];
            var asked = plan.Ensemble.MinVotes == 0 ? 0 : Math.Max(1, (int)Math.Round(plan.Ensemble.MinVotes * counts.Sum() / weights.Sum()));
            return masks.Vote([.. own.Select(m => members[m])], stored, asked, plan.Ensemble.Ties, without).With(counts);
        });
    }

    private static List<ValidationCase> Of(ExperimentSession session, CaseStore store, ValidationMasks masks, string[] models, Func<int, StoredCase, string?, IReadOnlyList<Mask>> predicted)
    {
        (int Fold, StoredCase Case, string Group)[] cases =
        [
            .. from fold in InferFolds.Of(session.Plan)
               from stored in ValidationCases.Of(session, store, fold)
               where stored.Labelled
               select (fold, stored, ValidationCases.GroupOf(session.Plan, fold, stored.Source.Patient)),
        ];
        string[] groups = [.. cases.Select(c => c.Group).Distinct(StringComparer.Ordinal)];
        string[] tuned = groups.Length < PostProcessChain.LeastGroups ? [] : [.. groups.Where(group => masks.Depends(models, group))];
        return [.. cases.Select(one =>
        {
            var all = predicted(one.Fold, one.Case, null);
            return new ValidationCase(one.Case.Id, one.Group, all, store.ReadTruth(one.Case))
            {
                Without = tuned.ToDictionary(group => group, group => Shared(predicted(one.Fold, one.Case, group), all), StringComparer.Ordinal),
            };
        })];
    }

    // Masks that are the same are the same object, so that nothing is done twice to them.
    private static IReadOnlyList<Mask> Shared(IReadOnlyList<Mask> masks, IReadOnlyList<Mask> all) => [.. masks.Select((mask, k) => mask.Equals(all[k]) ? all[k] : mask)];
}
