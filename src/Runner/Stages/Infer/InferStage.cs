using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using Osteon.Tracking;

namespace Osteon.Runner;

/// <summary>Each member predicts the test cases at their original size: predictions.csv, and scores.json where there is truth.</summary>
public sealed class InferStage : Stage
{
    /// <summary>A row a test image and class, in the submission's layout.</summary>
    public const string Predictions = "predictions.csv";

    /// <inheritdoc/>
    public override string Name => "Infer";

    /// <inheritdoc/>
    public override int Version => 6;

    /// <inheritdoc/>
    public override bool OwnsProcess => true;

    /// <inheritdoc/>
    public override IEnumerable<Unit> Units(ExperimentSession session)
    {
        foreach (var member in Member.Predicting(session.Plan))
        {
            var inputs = MemberPredictor.InputsOf(session, member);
            var (chain, choices) = (PostProcessing.IsOpen(session, session.Plan.Infer.Postprocess), session.Plan.Infer.Postprocess);
            if (session.Plan.Infer.TuneThresholds || chain)
            {
                foreach (var (unit, hash) in session.HashesOf(Validations(session.Plan, member.Model)))
                {
                    inputs[unit] = hash;
                }
            }

            var config = MemberPredictor.FactsOf(session, member);
            if (choices is { Count: > 0 })
            {
                config["postprocess"] = PlanSlices.Json(session.Plan.Infer)["postprocess"]!.DeepClone();
            }

            UndecidedPixels.AddTo(config, session);
            yield return new Unit(Name, member.Cell, config, session.Digests([.. NetworkFactory.PluginsOf(session.Plan.Models[member.Model]), .. PostProcessing.PluginsOf(choices)]), inputs);
        }
    }

    /// <inheritdoc/>
    public override Task RunAsync(UnitRun run, CancellationToken cancellation)
    {
        var plan = run.Plan;
        var member = Member.Of(plan, run.Unit.Cell);
        if (run.Session.Classifies)
        {
            MemberClassification.Infer(run, member, cancellation);
            return Task.CompletedTask;
        }

        var store = StoredSizes.Open(run.Session, member.Model);
        var scores = new ScoreTable(store.Classes);
        using var predictor = new MemberPredictor(run.Session, member, store.Classes, plan.Infer.TuneThresholds ? ValidationCurves.Tune(run.Session, store.Classes, member.Model) : null);
        run.Log.Tag(RunTags.Device, run.Session.Device.Name);
        var chain = PostProcessing.Chain(run.Session, plan.Infer.Postprocess, store.Classes);
        chain = chain is { IsOpen: true } ? PostProcessing.Choose(run, chain, OutOfFold.Of(run.Session, store, member.Model), "infer.postprocess") : chain;
        new CasePredictions(run, store, predictor).Write(TestCases.Of(run.Session, store), Predictions, (stored, masks, _, _) => scores.Add(store, stored, masks, plan.Data.Mode), plain: false, cancellation, chain);
        scores.Save(run.Folder);
        MemberThresholds.Save(run.Folder, predictor.Thresholds);
        run.HeadlineScores(scores);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Conclude(ExperimentSession session)
    {
        // The folds of a model are asked together, so that one says what all chose.
        foreach (var member in Member.Predicting(session.Plan).DistinctBy(m => m.Model))
        {
            if (PostProcessing.ChoiceOf(session.OutputOf(member.UnitOf(Name)).Folder) is { } choice)
            {
                session.Console.Info($"{member.Model}: {choice}");
            }
        }
    }

    private static IEnumerable<string> Validations(Plan plan, string model) => Member.Predicting(plan).Where(m => m.Model == model).Select(m => m.UnitOf("Validate"));
}
