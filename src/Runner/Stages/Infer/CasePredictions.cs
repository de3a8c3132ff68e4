using System.Security.Cryptography;
using System.Text;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Inference;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>Predicts cases of a store one after the other, reading ahead and writing behind, in memory that does not grow with their number.</summary>
internal sealed class CasePredictions(UnitRun run, CaseStore store, MemberPredictor predictor)
{
    private const string Probabilities = "probabilities";

    /// <summary>Writes a submission, and what a soft vote needs of it.</summary>
    /// <param name="cases">In the order of its rows.</param>
    /// <param name="file">The submission's name.</param>
    /// <param name="finished">Takes each case with its masks, and what else is to be known of its logits before they are gone; not on the caller's thread, in order.</param>
    /// <param name="plain">Whether logits of the image as it is are made as well, the last of what <paramref name="finished"/> takes.</param>
    /// <param name="cancellation">Stops between cases.</param>
    /// <param name="chain">What is done to the masks, or null.</param>
    public void Write(
        IReadOnlyList<StoredCase> cases, string file, Action<StoredCase, IReadOnlyList<Mask>, LogitPlanes, LogitPlanes?> finished, bool plain, CancellationToken cancellation, PostProcessChain? chain = null)
    {
        var soft = run.Plan.Ensemble.Vote == Voting.Soft;
        using var line = run.Session.Console.Progress(run.Unit.Id);
        AtomicFile.Write(Path.Combine(run.Folder, file), stream =>
        {
            using var writer = new SubmissionWriter(stream);
            Pipeline.Run(
                cases.Count,
                i => store.ReadImage(cases[i]),
                (i, image) =>
                {
                    var both = (predictor.Logits(image), plain ? predictor.PlainLogits(image) : null);
                    line.Report(i + 1, cases.Count, "images");
                    return both;
                },
                (i, both) =>
                {
                    using var logits = both.Item1;
                    using var seen = both.Item2;
                    var masks = predictor.Masks(logits, cases[i]);
                    masks = chain?.Apply(masks) ?? masks;
                    for (var k = 0; k < masks.Count; k++)
                    {
                        writer.Write(cases[i].Source.ImageName, store.Classes[k], masks[k]);
                    }

                    if (soft)
                    {
                        ProbabilityPlanes.Of(logits, run.Plan.Data.Mode).Save(PathOf(run.Folder, cases[i].Id));
                    }

                    finished(cases[i], masks, logits, seen);
                },
                cancellation,
                lean: predictor.TakesPasses);
        });
    }

    /// <summary>Where a case's probabilities lie in a unit's folder.</summary>
    public static string PathOf(string folder, string id) => PathOf(folder, Probabilities, id) + ".prob";

    /// <summary>Where a case's file of some kind lies, without ending; by a digest, for its id comes from the data set.</summary>
    public static string PathOf(string folder, string kind, string id) => Path.Combine(folder, kind, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 16)));
}
