using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>Members vote on every pixel, from files to file: submission.csv, and scores.json where there is truth.</summary>
public sealed class EnsembleStage : Stage
{
    /// <summary>The file to hand in.</summary>
    public const string Submission = "submission.csv";

    /// <inheritdoc/>
    public override string Name => "Ensemble";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IEnumerable<Unit> Units(ExperimentSession session)
    {
        var config = new JsonObject { ["ensemble"] = PlanSlices.Json(session.Plan.Ensemble), ["mode"] = session.Plan.Data.Mode.ToString() };
        var members = Member.Predicting(session.Plan).ToArray();
        var asked = PostProcessing.IsOpen(session, session.Plan.Ensemble.Postprocess) ? members.Select(m => m.UnitOf("Validate")) : [];
        yield return new Unit(Name, string.Empty, config, session.Digests(PostProcessing.PluginsOf(session.Plan.Ensemble.Postprocess)),
            session.HashesOf(["Convert", "Split", .. members.Select(m => m.UnitOf("Infer")), .. asked]));
    }

    /// <inheritdoc/>
    public override Task RunAsync(UnitRun run, CancellationToken cancellation)
    {
        var members = Member.Predicting(run.Plan).Select(m => Path.Combine(run.Input(m.UnitOf("Infer")), InferStage.Predictions)).ToArray();
        var submission = Path.Combine(run.Folder, Submission);
        var store = CaseStore.Open(run.Input("Convert"));
        var cases = TestCases.Of(run.Session, store);
        if (run.Plan.Data.Mode == LabelMode.Multiclass)
        {
            VoteByPlurality(members, submission, cases, store.Classes);
        }
        else
        {
            VoteByCount(run.Plan.Ensemble, members, submission, cancellation);
        }

        new VotedMasks(run, store).PostProcess(submission, cases);
        var voted = SubmissionMasks.Read(submission, cases, store.Classes);
        var scores = new ScoreTable(store.Classes);
        var stacks = run.Plan.Ensemble.Outputs.Contains(AnswerForm.Npy) ? new AnswerStacks(run.Folder) : null;
        foreach (var (stored, masks) in voted)
        {
            cancellation.ThrowIfCancellationRequested();
            stacks?.Write(stored, masks);
            scores.Add(store, stored, masks, run.Plan.Data.Mode);
        }

        scores.Save(run.Folder);
        run.HeadlineScores(scores);
        run.Log.Artifact(submission);
        run.Session.Tracking.Parent?.Artifact(submission);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Conclude(ExperimentSession session)
    {
        Directory.CreateDirectory(session.RunFolder);
        var published = Path.Combine(session.RunFolder, Submission);
        File.Copy(Path.Combine(session.OutputOf(Name).Folder, Submission), published, overwrite: true);
        PublishStacks(session);
        if (PostProcessing.ChoiceOf(session.OutputOf(Name).Folder) is { } choice)
        {
            session.Console.Result($"ensemble: {choice}");
        }

        foreach (var line in Standings.Of(session).Lines())
        {
            session.Console.Result(line);
        }

        var results = ResultStore.In(session.Options.Root);
        if (session.Lock[Name] is { } entry && !results.Has(session.Plan.Name, entry.Key, PlanSlices.Digest(session.Plan)) && ResultRecord.Of(session) is { } result)
        {
            results.Add(result);
        }

        session.Console.Result($"Submission: {session.ForPeople(published)}");
    }

    private void PublishStacks(ExperimentSession session)
    {
        var made = Path.Combine(session.OutputOf(Name).Folder, AnswerStacks.FolderName);
        var published = Path.Combine(session.RunFolder, AnswerStacks.FolderName);
        if (Directory.Exists(published))
        {
            Directory.Delete(published, recursive: true);           // an earlier vote's, of which some images may be gone
        }

        if (Directory.Exists(made))
        {
            Directory.CreateDirectory(published);
            foreach (var file in Directory.EnumerateFiles(made))
            {
                File.Copy(file, Path.Combine(published, Path.GetFileName(file)));
            }
        }
    }

    private static void VoteByCount(EnsemblePlan plan, IReadOnlyList<string> members, string submission, CancellationToken cancellation)
    {
        var options = new HardVoteOptions
        {
            MinVotes = plan.MinVotes,
            OnMissing = plan.OnMissing == MissingRows.Empty ? OnMissing.Empty : OnMissing.Error,
        };
        try
        {
            AtomicFile.Write(submission, stream => HardVote.Run(members, stream, options, cancellation));
        }
        catch (MaskFormatException e)
        {
            throw new ConfigurationException(e.Message, e);
        }
    }

    private static void VoteByPlurality(IReadOnlyList<string> members, string submission, IReadOnlyList<StoredCase> cases, IReadOnlyList<string> classes)
    {
        var predicted = members.Select(member => SubmissionMasks.Read(member, cases, classes).ToDictionary(p => p.Case.Id, p => p.Masks)).ToArray();
        AtomicFile.Write(submission, stream =>
        {
            using var writer = new SubmissionWriter(stream);
            foreach (var stored in cases)
            {
                var masks = PluralityVote.Vote([.. predicted.Select(p => p[stored.Id])]);
                for (var k = 0; k < masks.Length; k++)
                {
                    writer.Write(stored.Source.ImageName, classes[k], masks[k]);
                }
            }
        });
    }
}
