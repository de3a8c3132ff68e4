using System.Globalization;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Inference;
using Osteon.Tracking;

namespace Osteon.Runner;

/// <summary>A member says which class each of some cases is of: a CSV, and its scores where classes are known.</summary>
internal static class MemberClassification
{
    /// <summary>Headline numbers of every table of predictions, in the order people read them.</summary>
    public static IReadOnlyList<string> Headlines { get; } = ["roc_auc", "accuracy", "balanced_accuracy", "precision", "recall", "f1"];

    /// <summary>Predicts validation cases; with test-time augmentation also without it, to tell its gain.</summary>
    public static void Validate(UnitRun run, Member member, CancellationToken cancellation)
    {
        var store = StoredSizes.Open(run.Session, member.Model);
        var plain = run.Plan.Infer.Tta is null ? null : new List<ClassPrediction>();
        var labels = CaseLabels.Load(run.Input("Label"));
        var predictions = Predict(run, member, store, labels, ValidationCases.Of(run.Session, store, member.Fold), plain, cancellation);
        ClassPredictions.Write(Path.Combine(run.Folder, ValidateStage.Predictions), labels.Classes, predictions);
        Tell(run, "oof_", predictions, labels.Classes);
        if (plain is not null)
        {
            ClassPredictions.Write(Path.Combine(OutputFolder.Create(Path.Combine(run.Folder, ValidateStage.Plain)), ValidateStage.Predictions), labels.Classes, plain);
            if (Auc(predictions, labels) - Auc(plain, labels) is var gain && double.IsFinite(gain))
            {
                run.Headline("tta_gain", gain);
            }
        }
    }

    /// <summary>Predicts test cases.</summary>
    public static void Infer(UnitRun run, Member member, CancellationToken cancellation)
    {
        var store = StoredSizes.Open(run.Session, member.Model);
        var labels = CaseLabels.Load(run.Input("Label"));
        var predictions = Predict(run, member, store, labels, TestCases.Of(run.Session, store), null, cancellation);
        ClassPredictions.Write(Path.Combine(run.Folder, InferStage.Predictions), labels.Classes, predictions);
        Tell(run, string.Empty, predictions, labels.Classes);
    }

    /// <summary>Says how each model came out on cases it had not learned from.</summary>
    public static void Conclude(ExperimentSession session)
    {
        var labels = CaseLabels.Load(session.OutputOf("Label").Folder);
        foreach (var model in session.Plan.Models.Keys)
        {
            string[] folders = [.. Member.Predicting(session.Plan).Where(m => m.Model == model).Select(m => session.OutputOf(m.UnitOf("Validate")).Folder)];
            var folds = folders.Length == 1 ? "1 fold" : $"{folders.Length} folds";
            if (ClassPredictions.ScoresOf(ReadAll(folders), labels.Classes.Count) is not { } scores)
            {
                continue;
            }

            var told = string.Create(CultureInfo.InvariantCulture, $"ROC AUC {scores["roc_auc"]:F4}, accuracy {scores["accuracy"]:F4}, F1 {scores["f1"]:F4} out of fold ({scores.Count} validation cases, {folds})");
            if (session.Plan.Infer.Tta is null)
            {
                session.Console.Info($"{model}: {told}");
                continue;
            }

            var plain = ClassPredictions.ScoresOf(ReadAll([.. folders.Select(f => Path.Combine(f, ValidateStage.Plain))]), labels.Classes.Count)!;
            var gain = scores["roc_auc"] - plain["roc_auc"];
            session.Console.Info(string.Create(CultureInfo.InvariantCulture,
                $"{model}: test-time augmentation, {Predictor.CountViews(session.Plan.Infer.Tta)} views: ROC AUC {plain["roc_auc"]:F4} → {scores["roc_auc"]:F4} ({gain:+0.0000;-0.0000}); {told}{(gain < 0 ? "; it does harm here: leave infer.tta out" : "")}"));
        }

        IEnumerable<ClassPrediction> ReadAll(string[] folders) => folders.SelectMany(f => ClassPredictions.Read(Path.Combine(f, ValidateStage.Predictions), labels.Classes));
    }

    /// <summary>Keeps headline numbers for lock and MLflow; those by class go to MLflow alone.</summary>
    public static void Tell(UnitRun run, string prefix, IEnumerable<ClassPrediction> predictions, IReadOnlyList<string> classes)
    {
        if (ClassPredictions.ScoresOf(predictions, classes.Count) is not { } scores)
        {
            return;
        }

        foreach (var name in Headlines.Where(name => double.IsFinite(scores[name])))
        {
            run.Headline(prefix + name, scores[name]);
        }

        for (var k = 0; k < classes.Count; k++)
        {
            foreach (var (name, value) in new[] { ("recall", scores.Confusion.Recall(k)), ("precision", scores.Confusion.Precision(k)), ("f1", scores.Confusion.F1(k)), ("roc_auc", scores.RocAucs[k]) })
            {
                if (double.IsFinite(value))
                {
                    run.Log.Metric($"{(prefix.Length > 0 ? "oof" : "test")}/{name}/{classes[k]}", value);
                }
            }
        }
    }

    private static double Auc(IEnumerable<ClassPrediction> predictions, CaseLabels labels) => ClassPredictions.ScoresOf(predictions, labels.Classes.Count)?["roc_auc"] ?? double.NaN;

    private static List<ClassPrediction> Predict(
        UnitRun run, Member member, CaseStore store, CaseLabels labels, IReadOnlyList<StoredCase> cases, List<ClassPrediction>? plain, CancellationToken cancellation)
    {
        using var classifier = new MemberClassifier(run.Session, member, labels.Classes, CaseInputs.Of(run.Session, store));
        using var line = run.Session.Console.Progress(run.Session.NameOf(run.Unit));
        run.Log.Tag(RunTags.Device, run.Session.Device.Name);
        var predictions = new List<ClassPrediction>();
        foreach (var stored in cases)
        {
            cancellation.ThrowIfCancellationRequested();
            var shown = classifier.Read(store, stored);
            predictions.Add(ClassPrediction.Of(stored.Id, member.Fold, labels.Find(stored.Id), classifier.Probabilities(shown)));
            plain?.Add(ClassPrediction.Of(stored.Id, member.Fold, labels.Find(stored.Id), classifier.PlainProbabilities(shown)));
            line.Report(predictions.Count, cases.Count, "images");
        }

        return predictions;
    }
}
