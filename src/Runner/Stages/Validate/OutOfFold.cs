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
    /// The same of the vote: each fold's cases are voted for by the members of that fold, whose masks are post-processed first as those of test cases
    /// were. Of a number of votes that is asked for they need the same share.
    /// </summary>
    public static IReadOnlyList<ValidationCase> OfVote(ExperimentSession session, CaseStore store)
    {
        var (plan, models) = (session.Plan, session.Plan.Models.Keys.ToArray());
        var share = (double)plan.Ensemble.MinVotes / Member.Predicting(plan).Count();
        var votes = plan.Ensemble.MinVotes == 0 ? (models.Length / 2) + 1 : Math.Clamp((int)Math.Round(share * models.Length), 1, models.Length);
        return Of(session, store, fold =>
        {
            var members = models.Select(model => Processed(session, store, new Member(model, fold))).ToArray();
            return stored =>
            {
                var masks = members.Select(m => m(stored)).ToArray();
                return plan.Data.Mode == LabelMode.Multiclass ? PluralityVote.Vote(masks) : [.. store.Classes.Select((_, k) => HardVote.Vote([.. masks.Select(m => m[k])], votes))];
            };
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
