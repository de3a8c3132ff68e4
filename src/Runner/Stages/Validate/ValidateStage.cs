using System.Globalization;
using Osteon.Abstractions;
using Osteon.Inference;
using Osteon.Tracking;

namespace Osteon.Runner;

/// <summary>
/// Each member predicts its own fold's validation cases at their original size, as it will the test cases: validation.csv and scores.json. What is chosen
/// later (thresholds, views, members) is chosen by these, never by test cases.
/// </summary>
public sealed class ValidateStage : Stage
{
    /// <summary>A row a validation image and class.</summary>
    public const string Predictions = "validation.csv";

    /// <summary>Below the unit's folder: scores without test-time augmentation.</summary>
    public const string Plain = "plain";

    /// <inheritdoc/>
    public override string Name => "Validate";

    /// <inheritdoc/>
    public override int Version => 5;

    /// <inheritdoc/>
    public override bool OwnsProcess => true;

    /// <inheritdoc/>
    public override IEnumerable<Unit> Units(ExperimentSession session) => Member.Predicting(session.Plan).Select(member =>
    {
        var config = MemberPredictor.FactsOf(session, member);
        config["fold"] = member.Fold;
        UndecidedPixels.AddTo(config, session);
        return new Unit(Name, member.Cell, config, session.Digests(NetworkFactory.PluginsOf(session.Plan.Models[member.Model])), MemberPredictor.InputsOf(session, member));
    });

    /// <inheritdoc/>
    public override Task RunAsync(UnitRun run, CancellationToken cancellation)
    {
        var plan = run.Plan;
        var member = Member.Of(plan, run.Unit.Cell);
        if (run.Session.Classifies)
        {
            MemberClassification.Validate(run, member, cancellation);
            return Task.CompletedTask;
        }

        var store = StoredSizes.Open(run.Session, member.Model);
        var cases = ValidationCases.Of(run.Session, store, member.Fold);
        var (scores, plain) = (new ScoreTable(store.Classes), new ScoreTable(store.Classes));
        var curves = plan.Infer.TuneThresholds ? new ValidationCurves(plan, store, run.Folder) : null;
        using var predictor = new MemberPredictor(run.Session, member, store.Classes);
        run.Log.Tag(RunTags.Device, run.Session.Device.Name);
        new CasePredictions(run, store, predictor).Write(cases, Predictions, (stored, masks, logits, seen) =>
        {
            scores.Add(store, stored, masks, plan.Data.Mode);
            curves?.Add(stored, logits);
            if (seen is not null)
            {
                plain.Add(store, stored, predictor.Masks(seen, stored), plan.Data.Mode);
            }
        }, plain: plan.Infer.Tta is not null, cancellation);
        scores.Save(run.Folder);
        MemberThresholds.Save(run.Folder, predictor.Thresholds);
        curves?.Save();
        if (scores.Cases.Count > 0)
        {
            run.Headline("oof_dice", scores.Dice);
            run.Headline("oof_iou", scores.Iou);
        }

        if (plan.Infer.Tta is not null)
        {
            plain.Save(OutputFolder.Create(Path.Combine(run.Folder, Plain)));
            if (scores.Cases.Count > 0)
            {
                run.Headline("tta_gain", scores.Dice - plain.Dice);
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Conclude(ExperimentSession session)
    {
        if (session.Classifies)
        {
            MemberClassification.Conclude(session);
            return;
        }

        foreach (var model in session.Plan.Models.Keys)
        {
            Member[] members = [.. Member.Predicting(session.Plan).Where(m => m.Model == model)];
            var folders = members.Select(m => session.OutputOf(m.UnitOf(Name)).Folder).ToArray();
            var scores = ScoreTable.Of([.. folders.Select(ScoreTable.Load)]);
            if (scores.Cases.Count == 0)
            {
                continue;
            }

            var folds = members.Length == 1 ? "1 fold" : $"{members.Length} folds";
            if (session.Plan.Infer.Tta is null)
            {
                session.Console.Info(string.Create(CultureInfo.InvariantCulture, $"{model}: Dice {scores.Dice:F4} out of fold ({scores.Cases.Count} validation cases, {folds})"));
                continue;
            }

            var plain = ScoreTable.Of([.. folders.Select(f => ScoreTable.Load(Path.Combine(f, Plain)))]);
            var gain = scores.Dice - plain.Dice;
            session.Console.Info(string.Create(CultureInfo.InvariantCulture,
                $"{model}: test-time augmentation, {Predictor.CountViews(session.Plan.Infer.Tta)} views: Dice {plain.Dice:F4} → {scores.Dice:F4} ({gain:+0.0000;-0.0000}) out of fold ({scores.Cases.Count} validation cases, {folds}){(gain < 0 ? "; it does harm here: leave infer.tta out" : "")}"));
        }

        if (session.Plan.Infer.TuneThresholds)
        {
            ValidationCurves.Tell(session);
        }
    }
}
