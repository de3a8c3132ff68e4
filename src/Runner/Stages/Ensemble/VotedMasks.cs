using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Inference;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>What is done to the masks that members voted for: ensemble.postprocess, and before it, where probabilities voted, infer.postprocess.</summary>
/// <param name="run">The Ensemble unit.</param>
/// <param name="store">The cases.</param>
/// <param name="members">Who votes.</param>
/// <param name="weights">What each counts.</param>
internal sealed class VotedMasks(UnitRun run, CaseStore store, IReadOnlyList<Member> members, IReadOnlyList<double> weights)
{
    /// <summary>Rewrites a submission with its masks post-processed; leaves it where nothing is asked for.</summary>
    /// <param name="submission">Of the test cases.</param>
    /// <param name="cases">Those.</param>
    /// <returns>What was done to them, so that it can be done to other votes; null: nothing.</returns>
    public PostProcessChain? PostProcess(string submission, IReadOnlyList<StoredCase> cases)
    {
        if (PostProcessing.Chain(run.Session, PostProcessing.OfVote(run.Plan), store.Classes) is not { } chain)
        {
            return null;
        }

        chain = chain.IsOpen ? PostProcessing.Choose(run, chain, OutOfFold.OfVote(run.Session, store, members, weights), PostProcessing.NameOfVote(run.Plan)) : chain;
        var voted = submission + ".voted";
        File.Move(submission, voted);
        AtomicFile.Write(submission, stream =>
        {
            using var writer = new SubmissionWriter(stream);
            foreach (var (stored, masks) in SubmissionMasks.Read(voted, cases, store.Classes))
            {
                var changed = chain.Apply(masks);
                for (var k = 0; k < changed.Count; k++)
                {
                    writer.Write(stored.Source.ImageName, store.Classes[k], changed[k]);
                }
            }
        });
        File.Delete(voted);
        return chain;
    }
}
