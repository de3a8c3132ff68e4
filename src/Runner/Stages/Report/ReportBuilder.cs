using System.Globalization;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;
using Osteon.Reporting;
using Osteon.Runner.Configuration;
using Osteon.Training;

namespace Osteon.Runner;

/// <summary>Gathers what a report shows from the folders of finished units.</summary>
internal sealed class ReportBuilder(ExperimentSession session)
{
    private const int OverlaySide = 720;
    private const int WorstClasses = 3;

    private readonly CaseStore _store = CaseStore.Open(session.OutputOf("Convert").Folder);
    private readonly Member[] _members = [.. Member.Of(session.Plan)];
    private readonly ReportFacts _facts = new(session);

    /// <summary>The plan's metrics of every labelled test case.</summary>
    public MetricTable Measure(CancellationToken cancellation) => MetricTable.Of(_store.Classes, Labelled(cancellation), session.Plan.Report, session.Plan.Data.Mode);

    /// <summary>The wrong pixels of every labelled test case.</summary>
    public ErrorTable Errors(CancellationToken cancellation) => ErrorTable.Of(_store.Classes, Labelled(cancellation), session.Plan.Data.Mode);

    public ReportModel Build(MetricTable metrics, ErrorTable errors, CancellationToken cancellation)
    {
        var ensemble = ScoreTable.Load(session.OutputOf("Ensemble").Folder);
        var scored = ensemble.Cases.Count > 0;
        var analysis = EnsembleAnalysis.Load(session.OutputOf("Ensemble").Folder);
        return new ReportModel
        {
            Title = session.Plan.Name,
            Experiment = session.Plan.Name,
            ScoredOn = $"{ensemble.Cases.Count} test cases, {_store.Classes.Count} classes",
            EmptyMaskRule = "A class absent from both truth and prediction of a case counts 1.",
            Classes = _store.Classes,
            Members = scored ? [.. Member.Predicting(session.Plan).Select(m => Score(m.ToString(), m.Model, m.Fold, ScoreTable.Load(session.OutputOf(m.UnitOf("Infer")).Folder)))] : [],
            Metrics = scored ? [.. session.Plan.Report.Metrics.Select(name => new MetricColumn(name, metrics.Metrics[name].Mean, metrics.Metrics[name].ByClass))] : [],
            MetricsNote = MetricsNote(session.Plan.Report),
            Errors = errors.ByClass,
            Unpredicted = UnpredictedClasses.Of(session, _store, cancellation),
            Ensemble = scored ? Score("ensemble", string.Empty, null, ensemble) : null,
            EnsembleNotes = [.. analysis.Sentences(_store.Classes.Count)],
            Parts =
            [
                Parts("Member", "On the test cases; the ensemble without a member keeps its rule.", analysis.Members, ensemble.Dice),
                Parts("Model", "With all of its folds, on the test cases.", analysis.FoldEnsembles, ensemble.Dice),
                Parts("Model, out of fold", "Out of fold, on validation cases, where more than half of all models decide; the weight is how often the greedy selection took it.", analysis.Models.Count > 1 ? analysis.Models : [], analysis.ValidationDice),
            ],
            Curves = [.. _members.Select(m => TrainStage.CurvesOf(m.ToString(), session.Plan.Train.Best, _store.Classes, History.Read(Path.Combine(session.OutputOf(m.UnitOf("Train")).Folder, History.FileName))))],
            Overlays = Worst(ensemble, errors, cancellation),
            Counts = [_facts.EmptyLabels()],
            Findings = _facts.Findings(),
            Facts = [.. _facts.Groups(), .. PostProcessed()],
            Files =
            [
                new Fact("submission", session.ForPeople(Path.Combine(session.RunFolder, EnsembleStage.Submission))),
                new Fact("MLflow store", session.Tracking.Place),
                .. _members.Select(m => new Fact($"weights of {m}", session.ForPeople(Path.Combine(session.OutputOf(m.UnitOf("Train")).Folder, TrainStage.Weights)))),
            ],
            Plan = PlanText.ToYaml(session.Plan),
        };
    }

    private static string MetricsNote(ReportPlan report) => string.Create(CultureInfo.InvariantCulture,
        $"{(report.Spacing == Spacing.Pixels ? "Distances are in pixels" : $"A pixel measures {report.Spacing.Row} × {report.Spacing.Column}, and distances are in that unit")}; surface_dice allows {report.Tolerance}. Dice and IoU of a class that is neither there nor predicted are 1; the others leave such cases out.");

    private static PartTable Parts(string title, string caption, IReadOnlyList<PartValue> parts, double ensemble) =>
        new(title, caption, [.. parts.Select(p => new PartRow(p.Name, p.Weight, p.Dice, p.Without, p.Value(ensemble)))]);

    private static MemberScore Score(string name, string model, int? fold, ScoreTable scores) =>
        new(name, model, fold, scores.Dice, scores.Iou, scores.ClassDice, scores.Accuracy);

    private List<CaseOverlay> Worst(ScoreTable ensemble, ErrorTable errors, CancellationToken cancellation)
    {
        var worst = ensemble.Cases.OrderBy(c => c.Dice.Average()).ThenBy(c => c.Case, StringComparer.Ordinal).Take(session.Plan.Report.WorstCases).ToArray();
        var predicted = Predicted().ToDictionary(p => p.Case.Id, p => p.Masks);
        var overlays = new List<CaseOverlay>();
        foreach (var score in worst)
        {
            cancellation.ThrowIfCancellationRequested();
            var stored = _store[score.Case];
            var image = StoredForm.Whole(_store.ReadImage(stored), stored);
            var truth = _store.ReadTruth(stored);
            var judged = session.Plan.Data.Mode.Judged(truth);
            overlays.Add(new CaseOverlay(
                score.Case,
                score.Dice.Average(),
                [.. score.Dice.Select((dice, k) => new ClassScore(_store.Classes[k], dice)).OrderBy(c => c.Dice).Take(WorstClasses)],
                OverlayRenderer.Render(image, truth, judged.Of(predicted[score.Case]), ErrorTable.Counted(_store.Classes), OverlaySide, judged.Rest))
            {
                Errors = errors.ByClassOf(score.Case),
                HasUndecided = judged.Undecided > 0,
            });
        }

        return overlays;
    }

    private IEnumerable<(string Case, IReadOnlyList<Mask> Prediction, IReadOnlyList<Mask> Truth)> Labelled(CancellationToken cancellation) =>
        Predicted().Where(p => p.Case.Labelled).Select(p =>
        {
            cancellation.ThrowIfCancellationRequested();
            return (p.Case.Id, p.Masks, (IReadOnlyList<Mask>)_store.ReadTruth(p.Case));
        });

    private IEnumerable<(StoredCase Case, IReadOnlyList<Mask> Masks)> Predicted() => SubmissionMasks.Read(
        Path.Combine(session.OutputOf("Ensemble").Folder, EnsembleStage.Submission), TestCases.Of(session, _store), _store.Classes);

    private IEnumerable<FactGroup> PostProcessed()
    {
        Fact[] told =
        [
            .. from asked in Member.Predicting(session.Plan).DistinctBy(m => m.Model).Select(m => (Name: m.Model, Unit: m.UnitOf("Infer"))).Append((Name: "ensemble", Unit: "Ensemble"))
               let choice = PostProcessing.ChoiceOf(session.OutputOf(asked.Unit).Folder)
               where choice is not null
               select new Fact(asked.Name, choice.ToString()),
        ];
        return told.Length > 0 ? [new FactGroup("Post-processing", told)] : [];
    }
}
