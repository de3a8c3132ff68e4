using System.Globalization;
using Osteon.Datasets;
using Osteon.Masks;
using Osteon.Reporting;
using Osteon.Runner.Configuration;
using Osteon.Training;

namespace Osteon.Runner;

/// <summary>Gathers what a report shows of an experiment that classifies images, from the folders of finished units.</summary>
internal sealed class ClassificationReport(ExperimentSession session)
{
    private const int PictureSide = 560;
    private static readonly string[] s_intervals = ["roc_auc", "average_precision", "accuracy", "balanced_accuracy", "recall", "specificity", "precision", "f1"];

    private readonly CaseStore _store = CaseStore.Open(session.OutputOf("Convert").Folder);
    private readonly CaseLabels _labels = CaseLabels.Load(session.OutputOf("Label").Folder);
    private readonly Member[] _members = [.. Member.Predicting(session.Plan)];
    private readonly ReportFacts _facts = new(session);

    public ReportModel Build(CancellationToken cancellation)
    {
        var voted = Read("Ensemble", InferStage.Predictions);
        var validated = OutOfFold();
        var ensemble = ClassPredictions.ScoresOf(voted, Classes);
        var analysis = ClassAnalysis.Load(session.OutputOf("Ensemble").Folder);
        return new ReportModel
        {
            Title = session.Plan.Name,
            Experiment = session.Plan.Name,
            ScoredOn = ensemble is null ? $"{Known(validated).Length} validation cases out of fold, {Classes} classes" : $"{Known(voted).Length} test cases, {Classes} classes",
            Classes = _labels.Classes,
            EnsembleNotes = [$"{analysis.Rule}."],
            Classification = new ClassificationResults
            {
                Members = ensemble is null ? [] : [.. Tested(analysis)],
                Ensemble = ensemble,
                OutOfFold = Scored("Validate", ValidateStage.Predictions),
                Pooled = ClassPredictions.ScoresOf(validated, Classes),
                Intervals = Intervals(voted, out var note),
                IntervalsNote = note,
                Worst = Worst(ensemble is null ? validated : voted, cancellation),
                WorstNote = WorstNote(),
            },
            Counts = [_facts.ClassesOfImages(_labels), .. session.Plan.Input is null ? Array.Empty<CountTable>() : [MasksOfCases()]],
            Curves = [.. Member.Of(session.Plan).Select(Curves)],
            Findings = _facts.Findings(),
            Facts = [.. _facts.Groups()],
            Files =
            [
                new Fact("predictions", session.ForPeople(Path.Combine(session.RunFolder, InferStage.Predictions))),
                new Fact("MLflow store", session.Tracking.Place),
                .. Member.Of(session.Plan).Select(m => new Fact($"weights of {m}", session.ForPeople(Path.Combine(session.OutputOf(m.UnitOf("Train")).Folder, TrainStage.Weights)))),
            ],
            Plan = PlanText.ToYaml(session.Plan),
        };
    }

    private int Classes => _labels.Classes.Count;

    private IReadOnlyList<ClassPrediction> Read(string unit, string file) => ClassPredictions.Read(Path.Combine(session.OutputOf(unit).Folder, file), _labels.Classes);

    private static ClassPrediction[] Known(IEnumerable<ClassPrediction> predictions) => [.. predictions.Where(p => p.Label is not null)];

    private ClassifierScores[] Scored(string stage, string file) =>
    [
        .. from member in _members
           let scores = ClassPredictions.ScoresOf(Read(member.UnitOf(stage), file), Classes)
           where scores is not null
           select new ClassifierScores(member.ToString(), scores),
    ];

    // Members, then each model with all of its folds where there are several of both.
    private IEnumerable<ClassifierScores> Tested(ClassAnalysis analysis)
    {
        var whole = analysis.Scores.GetValueOrDefault(ClassAnalysis.Metric)?.Mean ?? double.NaN;
        foreach (var member in Scored("Infer", InferStage.Predictions))
        {
            yield return member with { Adds = _members.Length > 1 ? whole - analysis.Members.First(m => m.Name == member.Name).Without : null };
        }

        foreach (var model in analysis.FoldEnsembles)
        {
            Member[] folds = [.. _members.Where(m => model.Name.StartsWith($"{m.Model}, ", StringComparison.Ordinal))];
            var vote = new ClassVote(session.Plan.Ensemble.Vote).Of([.. folds.Select(m => Read(m.UnitOf("Infer"), InferStage.Predictions))], [.. folds.Select(_ => 1.0)]);
            yield return new ClassifierScores(model.Name, ClassPredictions.ScoresOf(vote, Classes)!) { Adds = whole - model.Without };
        }
    }

    // Every fold's cases by the members of that fold, joined as the ensemble is.
    private IReadOnlyList<ClassPrediction> OutOfFold()
    {
        var vote = new ClassVote(session.Plan.Ensemble.Vote);
        var weights = session.Plan.Ensemble.Weights;
        return
        [
            .. _members.GroupBy(m => m.Fold).SelectMany(fold =>
            {
                double[] counts = [.. fold.Select(m => weights.GetValueOrDefault(m.Model, 1))];
                return vote.Of([.. fold.Select(m => Read(m.UnitOf("Validate"), ValidateStage.Predictions))], counts.Any(w => w > 0) ? counts : [.. counts.Select(_ => 1.0)]);
            }),
        ];
    }

    private IReadOnlyList<ScoreEstimate> Intervals(IReadOnlyList<ClassPrediction> voted, out string note)
    {
        var known = Known(voted);
        note = "";
        if (known.Length == 0)
        {
            return [];
        }

        string[] patients = [.. known.Select(p => _store[p.Id].Source.Patient)];
        note = string.Create(CultureInfo.InvariantCulture, $"The ensemble on test cases, and where a score lies in 95 of 100 resamples of the {patients.Distinct(StringComparer.Ordinal).Count()} patients.");
        var estimates = Bootstrap.Of(patients, s_intervals, sample => ClassPredictions.ScoresOf(sample.Select(i => known[i]), Classes)!);
        return [.. s_intervals.Select(name => new ScoreEstimate(name, estimates[name].Mean, estimates[name].Low, estimates[name].High))];
    }

    private List<ClassifiedCase> Worst(IReadOnlyList<ClassPrediction> predictions, CancellationToken cancellation)
    {
        var masks = session.Plan.Input is null ? null : InputMasks.Load(session, _store);
        var worst = new List<ClassifiedCase>();
        foreach (var one in Known(predictions).OrderBy(p => p.Probabilities[p.Label!.Value]).ThenBy(p => p.Id, StringComparer.Ordinal).Take(session.Plan.Report.WorstCases))
        {
            cancellation.ThrowIfCancellationRequested();
            var stored = _store[one.Id];
            var image = StoredForm.Whole(_store.ReadImage(stored), stored);
            var (truth, shown) = Regions(stored, masks);
            worst.Add(new ClassifiedCase(one.Id, one.Label!.Value, one.Predicted, one.Probabilities, OverlayRenderer.Render(image, truth, shown, null, PictureSide)));
        }

        return worst;
    }

    // What is labelled and what the segmentation says, class by class; what is labelled alone where no segmentation takes part.
    private (IReadOnlyList<Mask> Truth, IReadOnlyList<Mask> Shown) Regions(StoredCase stored, InputMasks? masks)
    {
        var truth = stored.Labelled ? _store.ReadTruth(stored) : [.. _store.Classes.Select(_ => Mask.Empty(stored.Original))];
        if (masks is null)
        {
            int[] counted = [.. ErrorTable.Counted(_store.Classes)];
            Mask[] drawn = [.. counted.Select(k => truth[k])];
            return (drawn, drawn);
        }

        var (names, levels, own) = (InputMasks.ClassesOf(session), session.Plan.Input!.Thresholds.Count, masks[stored.Id]);
        return ([.. names.Select(name => _store.Classes.ToList().IndexOf(name) is var k and >= 0 ? truth[k] : Mask.Empty(stored.Original))], [.. names.Select((_, k) => own[k * levels])]);
    }

    private string WorstNote() => session.Plan.Input is { } input
        ? string.Create(CultureInfo.InvariantCulture, $"Colours: what {input.Experiment} finds from probability {input.Thresholds[0]} on, out of fold; blue where the label has it too, yellow where it does not, orange where it misses the label.")
        : "Outlines are those of the data set’s masks, where it has some; networks were not shown them.";

    private MemberCurves Curves(Member member) => TrainStage.CurvesOf(
        member.ToString(), session.Plan.Train.Best, _labels.Classes, History.Read(Path.Combine(session.OutputOf(member.UnitOf("Train")).Folder, History.FileName)));

    private CountTable MasksOfCases()
    {
        var masks = InputMasks.Load(session, _store);
        var (input, levels) = (session.Plan.Input!, session.Plan.Input!.Thresholds.Count);
        var found = _store.Cases.Where(c => masks[c.Id].Where((m, i) => i % levels == 0).Any(m => !m.IsEmpty)).Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
        return new CountTable(
            string.Create(CultureInfo.InvariantCulture, $"Cases in which {input.Experiment} finds something, out of fold, from probability {input.Thresholds[0]} on."),
            ["Cases", "Something found", "Share"],
            [.. _labels.Classes.Select((name, k) =>
            {
                string[] ids = [.. _labels.ByCase.Where(l => l.Value == k).Select(l => l.Key)];
                var hits = ids.Count(found.Contains);
                return new CountRow(name, [ids.Length.ToString(CultureInfo.InvariantCulture), hits.ToString(CultureInfo.InvariantCulture), ids.Length == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * hits / ids.Length:0.0} %")]);
            })]);
    }
}
