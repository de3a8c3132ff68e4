using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Inference;
using Osteon.Masks;
using Osteon.Runner.Configuration;
using Osteon.Volumes;

namespace Osteon.Runner;

/// <summary>Members vote on every pixel, from files to file: submission.csv, and scores.json where there is truth.</summary>
public sealed class EnsembleStage : Stage
{
    /// <summary>The file to hand in.</summary>
    public const string Submission = "submission.csv";

    /// <inheritdoc/>
    public override string Name => "Ensemble";

    /// <inheritdoc/>
    public override int Version => 3;

    /// <inheritdoc/>
    public override IEnumerable<Unit> Units(ExperimentSession session)
    {
        var members = Member.Predicting(session.Plan).ToArray();
        var config = new JsonObject { ["ensemble"] = PlanSlices.Json(session.Plan.Ensemble), ["mode"] = session.Plan.Data.Mode.ToString() };
        if (session.Classifies)
        {
            config["task"] = "classification";
        }

        if (session.Plan.Ensemble.Vote == Voting.Soft && PlanSlices.Json(session.Plan.Infer)["postprocess"] is { } steps)
        {
            config["infer_postprocess"] = steps.DeepClone();
        }

        UndecidedPixels.AddTo(config, session);
        yield return new Unit(Name, string.Empty, config, session.Digests(PostProcessing.PluginsOf(PostProcessing.OfVote(session.Plan))),
            session.HashesOf(["Convert", "Split", .. session.Labels, .. members.Select(m => m.UnitOf("Validate")), .. members.Select(m => m.UnitOf("Infer"))]));
    }

    /// <inheritdoc/>
    public override Task RunAsync(UnitRun run, CancellationToken cancellation)
    {
        var (session, plan) = (run.Session, run.Plan);
        if (session.Classifies)
        {
            ClassEnsemble.Run(run);
            return Task.CompletedTask;
        }

        var store = CaseStore.Open(run.Input("Convert"));
        var cases = TestCases.Of(session, store);
        Member[] members = [.. Member.Predicting(plan)];
        var (analysis, chosen) = Validate(session, store);
        var weights = Weights(plan, members, chosen);
        var chain = Chain(run, store, members, weights);
        using var votes = new MemberVotes(session, store, members);
        var submission = Path.Combine(run.Folder, Submission);
        var scores = new ScoreTable(store.Classes);
        var parts = new EnsembleParts(members, weights);
        var answers = new AnswerFiles(run.Folder, plan.Ensemble.Outputs, plan.Data.Mode, store.Classes, AxisOf(plan));
        if (plan.Ensemble.Vote == Voting.Hard && plan.Data.Mode == LabelMode.Multilabel && chain is null)
        {
            int[] taking = [.. Enumerable.Range(0, members.Length).Where(m => weights[m] > 0)];
            VoteByCount(plan.Ensemble, [.. taking.Select(m => Path.Combine(run.Input(members[m].UnitOf("Infer")), InferStage.Predictions))], [.. taking.Select(m => weights[m])], submission, cancellation);
            using var voted = new SubmissionIndex(submission);
            foreach (var stored in cases)
            {
                Answer(stored, voted.Masks(stored.Source.ImageName, store.Classes, stored.Original), () => votes.Of(stored));
            }
        }
        else
        {
            using var line = session.Console.Progress(run.Unit.Id);
            AtomicFile.Write(submission, stream =>
            {
                using var writer = new SubmissionWriter(stream);
                for (var i = 0; i < cases.Count; i++)
                {
                    var vote = votes.Of(cases[i]);
                    var masks = vote.With(weights);
                    masks = chain?.Apply(masks) ?? masks;
                    for (var k = 0; k < masks.Count; k++)
                    {
                        writer.Write(cases[i].Source.ImageName, store.Classes[k], masks[k]);
                    }

                    Answer(cases[i], masks, () => vote);
                    line.Report(i + 1, cases.Count, "images");
                }
            });
        }

        answers.Finish();
        scores.Save(run.Folder);
        analysis = parts.Into(analysis with { Rule = EnsembleRule.Of(plan, weights) }, store, scores, [.. members.Select(m => ScoreTable.Load(run.Input(m.UnitOf("Infer"))))]);
        analysis.Save(run.Folder);
        run.HeadlineScores(scores);
        Tell(run, analysis);
        run.Log.Artifact(submission);
        session.Tracking.Parent?.Artifact(submission);
        return Task.CompletedTask;

        // One image at a time is in memory.
        void Answer(StoredCase stored, IReadOnlyList<Mask> masks, Func<CaseVote> vote)
        {
            cancellation.ThrowIfCancellationRequested();
            answers.Write(stored.Source, FileOf(session, stored), plan.Ensemble.Outputs.Contains(AnswerForm.Nifti) ? store.ReadFacts(stored).Origin : ImageOrigin.Unknown, masks);
            scores.Add(store, stored, masks, plan.Data.Mode);
            parts.Add(store, stored, vote, chain, plan.Data.Mode);
        }
    }

    /// <inheritdoc/>
    public override void Conclude(ExperimentSession session)
    {
        if (session.Classifies)
        {
            ClassEnsemble.Conclude(session);
            Keep(session);
            return;
        }

        var published = Path.Combine(session.RunFolder, Submission);
        AtomicFile.Copy(Path.Combine(session.OutputOf(Name).Folder, Submission), published);
        PublishAnswers(session);
        if (PostProcessing.ChoiceOf(session.OutputOf(Name).Folder) is { } choice)
        {
            session.Console.Result($"ensemble: {choice}");
        }

        foreach (var line in Standings.Of(session).Lines())
        {
            session.Console.Result(line);
        }

        Keep(session);
        session.Console.Result($"Submission: {session.ForPeople(published)}");
    }

    // As a row of the leaderboard.
    private void Keep(ExperimentSession session)
    {
        var results = ResultStore.In(session.Options.Root);
        if (session.Lock[Name] is { } entry && !results.Has(session.Plan.Name, entry.Key, PlanSlices.Digest(session.Plan)) && ResultRecord.Of(session) is { } result)
        {
            results.Add(result);
        }
    }

    /// <summary>The axis of NIfTI volumes that the plan's format cuts.</summary>
    internal static int AxisOf(Plan plan) => plan.Data.Format is { Name: "nifti", Options: var options } && options["axis"] is System.Text.Json.Nodes.JsonValue axis ? (int)axis.GetValue<double>() : 2;

    private static string FileOf(ExperimentSession session, StoredCase stored) =>
        session.Plan.Ensemble.Outputs.Contains(AnswerForm.Nifti) ? ConfinedPath.Of(session.SourceRoot, Part.Split(stored.Source.ImagePath).File) : string.Empty;

    private void PublishAnswers(ExperimentSession session)
    {
        foreach (var form in AnswerFiles.Folders)
        {
            var (made, published) = (Path.Combine(session.OutputOf(Name).Folder, form), Path.Combine(session.RunFolder, form));
            if (Directory.Exists(made))
            {
                OutputFolder.Copy(made, published);
            }
            else
            {
                OutputFolder.Remove(published);                     // an earlier vote's
            }
        }
    }

    private static (EnsembleAnalysis Analysis, IReadOnlyList<double> Chosen) Validate(ExperimentSession session, CaseStore store)
    {
        using var validation = new ValidationAnalysis(session, store);
        return validation.Into(new EnsembleAnalysis { Rule = string.Empty });
    }

    private static double[] Weights(Plan plan, Member[] members, IReadOnlyList<double> chosen)
    {
        string[] models = [.. plan.Models.Keys];
        double[] weights = [.. members.Select(m => plan.Ensemble.Weights.GetValueOrDefault(m.Model, 1) * (plan.Ensemble.Select == MemberSelection.Greedy ? chosen[Array.IndexOf(models, m.Model)] : 1))];
        return weights.Any(w => w > 0) ? weights : throw new ConfigurationException("ensemble.weights is 0 for every model that takes part. Give one of them a weight above 0.");
    }

    // What is done to the masks that members voted for, and so to other votes of theirs; null: nothing.
    private static PostProcessChain? Chain(UnitRun run, CaseStore store, Member[] members, double[] weights)
    {
        var chain = PostProcessing.Chain(run.Session, PostProcessing.OfVote(run.Plan), store.Classes);
        return chain is { IsOpen: true } ? PostProcessing.Choose(run, chain, OutOfFold.OfVote(run.Session, store, members, weights), PostProcessing.NameOfVote(run.Plan)) : chain;
    }

    private static void VoteByCount(EnsemblePlan plan, IReadOnlyList<string> members, IReadOnlyList<double> weights, string submission, CancellationToken cancellation)
    {
        var plain = weights.All(w => w == 1) && (plan.Ties == TiedPixels.Unset || plan.MinVotes > 0);
        var options = new HardVoteOptions
        {
            MinVotes = Math.Min(plan.MinVotes, members.Count),
            Weights = plain ? null : VoteWeights.Of(weights, plan.MinVotes, plan.Ties == TiedPixels.Set),
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

    private static void Tell(UnitRun run, EnsembleAnalysis analysis)
    {
        foreach (var (name, value) in new[] { ("dice_low", analysis.Dice?.Low), ("dice_high", analysis.Dice?.High), ("gain_over_best_member", analysis.Difference?.Mean), ("oof_dice", analysis.ValidationDice) })
        {
            if (value is { } number && double.IsFinite(number))
            {
                run.Log.Metric(name, number);
            }
        }

        foreach (var part in analysis.Members.Where(p => double.IsFinite(p.Without)))
        {
            run.Log.Metric($"value/{part.Name}", part.Value(analysis.Dice!.Mean));
        }

        run.Log.Artifact(Path.Combine(run.Folder, EnsembleAnalysis.FileName));
    }
}
