using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Inference;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>Validation cases with what networks predicted of them that had not learned from them, for choices that test cases must not make.</summary>
internal static class OutOfFold
{
    /// <summary>Those of a model's folds that predict, with labels.</summary>
    public static IReadOnlyList<ValidationCase> Of(ExperimentSession session, CaseStore store, string model) =>
        Of(session, store, fold => Predicted(session, store, new Member(model, fold)));

    /// <summary>
    /// The same of the vote, by its own rule and weights: each fold's cases are voted for by the members of that fold. Of a number of votes that is
    /// asked for they need the same share. Masks that vote are post-processed first, as those of test cases were; probabilities are not.
    /// </summary>
    public static IReadOnlyList<ValidationCase> OfVote(ExperimentSession session, CaseStore store, IReadOnlyList<Member> members, IReadOnlyList<double> weights)
    {
        var plan = session.Plan;
        using var votes = plan.Ensemble.Vote == Voting.Soft ? new MemberVotes(session, store, [.. members.Select(m => m.UnitOf("Validate"))], ValidateStage.Predictions) : null;
        return Of(session, store, fold =>
        {
            int[] own = [.. Enumerable.Range(0, members.Count).Where(m => members[m].Fold == fold && weights[m] > 0)];
            double[] counts = [.. own.Select(m => weights[m])];
            var asked = plan.Ensemble.MinVotes == 0 ? 0 : Math.Max(1, (int)Math.Round(plan.Ensemble.MinVotes * counts.Sum() / weights.Sum()));
            var masks = votes is null ? own.Select(m => Processed(session, store, members[m])).ToArray() : [];
            return stored => (votes?.Of(stored, majority: false, own) ?? new HardCaseVote([.. masks.Select(m => m(stored))], plan.Data.Mode, asked, plan.Ensemble.Ties)).With(counts);
        });
    }

    private static IReadOnlyList<ValidationCase> Of(ExperimentSession session, CaseStore store, Func<int, Func<StoredCase, IReadOnlyList<Mask>>> predicted)
    {
        var folds = InferFolds.Of(session.Plan);
        return
        [
            .. from fold in folds
               let masks = predicted(fold)
               from stored in ValidationCases.Of(session, store, fold)
               where stored.Labelled
               select new ValidationCase(stored.Id, folds.Count > 1 ? $"fold {fold}" : stored.Source.Patient, masks(stored), store.ReadTruth(stored)),
        ];
    }

    private static Func<StoredCase, IReadOnlyList<Mask>> Predicted(ExperimentSession session, CaseStore store, Member member)
    {
        var masks = SubmissionMasks.Read(Path.Combine(session.OutputOf(member.UnitOf("Validate")).Folder, ValidateStage.Predictions), ValidationCases.Of(session, store, member.Fold), store.Classes)
            .ToDictionary(p => p.Case.Id, p => p.Masks);
        return stored => masks[stored.Id];
    }

    private static Func<StoredCase, IReadOnlyList<Mask>> Processed(ExperimentSession session, CaseStore store, Member member)
    {
        var predicted = Predicted(session, store, member);
        if (PostProcessing.Chain(session, session.Plan.Infer.Postprocess, store.Classes) is not { } chain)
        {
            return predicted;
        }

        chain = chain.IsOpen && PostProcessing.ChoiceOf(session.OutputOf(member.UnitOf("Infer")).Folder) is { } choice ? chain.Closed(choice) : chain;
        return stored => chain.Apply(predicted(stored));
    }
}
