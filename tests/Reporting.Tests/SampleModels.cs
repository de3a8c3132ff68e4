using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Metrics;

namespace Osteon.Reporting.Tests;

/// <summary>Models whose numbers follow from their indices.</summary>
internal static class SampleModels
{
    public static MemberScore Score(string model, int? fold, double dice, params double[] classes) =>
        new(fold is null ? "ensemble" : $"{model}/fold {fold}", fold is null ? "" : model, fold, dice, dice - 0.05, classes);

    /// <summary>Of a row of 16 pixels the truth has the first so many, the prediction others.</summary>
    public static ClassErrors Errors(string name, int truth, int predicted)
    {
        var frame = new Frame(1, 16);
        return new ClassErrors(name, ErrorAnalysis.Of([new Mask(frame, [new Run(0, truth)])], [new Mask(frame, [new Run(0, predicted), new Run(14, 1)])])[0]);
    }

    public static ReportModel Full(double ensemble = 0.9541) => new()
    {
        Title = "Bones of the hand",
        Experiment = "final",
        ScoredOn = "63 test cases",
        Classes = ["radius", "ulna", "hamate"],
        Members = [Score("unet-r34", 0, 0.9412, 0.95, 0.91, double.NaN), Score("unet-r34", 1, 0.95, 0.96, 0.94, double.NaN)],
        Ensemble = Score("", null, ensemble, 0.97, 0.9382, double.NaN),
        Metrics = [new MetricColumn("hd95", 3.25, [2.5, 4, double.NaN]), new MetricColumn("positive_likelihood_ratio", double.PositiveInfinity, [1, 2, double.PositiveInfinity])],
        MetricsNote = "Distances are in pixels.",
        Errors = [Errors("ulna", 8, 4), Errors("radius", 4, 4)],
        Curves = [new MemberCurves("unet-r34/fold 0", [new(0, 1.5, 1.25, 0.5), new(1, 0.75, double.NaN, double.NaN), new(2, 0.5, 0.625, 0.9412)]) { Classes = [new ClassCurve("hamate", [(1, 0.25), (2, double.NaN), (3, 0.8125)]), new ClassCurve("sesamoid", [(1, double.NaN)])], Kept = (2, "loss") }],
        Overlays = [new CaseOverlay("ID047/left", 0.8123, [new ClassScore("ulna", 0.4321)], [1, 2, 3]) { Errors = [Errors("ulna", 8, 4), Errors("radius", 4, 4)] }],
        Findings = [new Finding(Severity.Amber, "frame-mismatch", "ID047/left.png", "mask is smaller"), new Finding(Severity.Red, "unreadable-image", "ID048", "no image")],
        Facts = [new FactGroup("Code", [new Fact("commit", "0123abcd"), new Fact("tree", "clean")])],
        Files = [new Fact("submission", "runs/final/submission.csv")],
        Plan = "train:\n  epochs: 3\n",
    };

    /// <summary>Of four test cases three are told right, of two classes or of three.</summary>
    public static ReportModel Classified(params string[] classes)
    {
        double[][] probabilities = [.. new[] { 0.9, 0.3, 0.4, 0.7 }.Select((p, i) => classes.Length == 2 ? new[] { 1 - p, p } : [1 - p, p, i / 10.0])];
        int[] truth = [1, 0, 1, 1];
        var scores = ClassificationScores.Of(truth, probabilities, classes.Length);
        return Full() with
        {
            Classes = classes,
            Members = [],
            Ensemble = null,
            Metrics = [],
            Errors = [],
            Overlays = [],
            Curves = [new MemberCurves("r18/fold 0", [new(1, 1.5, 1.25, double.NaN), new(2, 0.5, 0.625, double.NaN)]) { Scores = [new ScoreCurve("ROC AUC", [(1, 0.5), (2, 0.8125)]), new ScoreCurve("accuracy", [(1, 0.25), (2, 0.75)])], Classes = [new ClassCurve(classes[0], [(1, 0.5), (2, 0.625)])] }],
            Counts = [new CountTable("Cases by part.", ["cases", "empty labels"], [new CountRow("test", ["4", "1 (25 %)"])])],
            Classification = new ClassificationResults
            {
                Members = [new ClassifierScores("r18/fold 0", scores) { Adds = -0.0125 }, new ClassifierScores("r18/fold 1", scores)],
                Ensemble = scores,
                OutOfFold = [new ClassifierScores("r18/fold 0", scores), new ClassifierScores("r18/fold 1", scores)],
                Pooled = scores,
                Intervals = [new ScoreEstimate("roc_auc", scores["roc_auc"], 0.4321, 0.9876)],
                IntervalsNote = "By resampling of 4 patients.",
                Worst = [new ClassifiedCase("IMG0047", 1, 0, probabilities[2], [1, 2, 3])],
            },
        };
    }
}
