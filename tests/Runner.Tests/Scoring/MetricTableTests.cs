using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Runner.Tests.Scoring;

public sealed class MetricTableTests : IDisposable
{
    private static readonly Frame Frame = new(20, 30);
    private static readonly string[] All = ["dice", "iou", "hausdorff", "hd95", "average_surface_distance", "surface_dice", "precision", "recall", "specificity"];

    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-metrics-").FullName;

    // Class 0: a bar of 10 found one row too low in case a, found well in b. Class 1: neither there nor found in a, missed in b.
    private static MetricTable Table(ReportPlan plan) => MetricTable.Of(["bar", "dot"],
    [
        ("a", [Bar(1), Mask.Empty(Frame)], [Bar(0), Mask.Empty(Frame)]),
        ("b", [Bar(5), Mask.Empty(Frame)], [Bar(5), new Mask(Frame, [new Run(33, 1)])]),
    ], plan, LabelMode.Multilabel);

    [Fact]
    public void A_class_is_the_mean_of_the_cases_that_say_something_of_it()
    {
        var metrics = Table(new ReportPlan { Metrics = All, Spacing = new Spacing(0.5, 2), Tolerance = 0.4 }).Metrics;
        var diagonal = Math.Sqrt((10 * 10) + (60 * 60));
        Assert.Equal([0.5, 0.5], metrics["dice"].ByClass);          // (0 + 1) / 2, (1 + 0) / 2
        Assert.Equal([0.25, diagonal], metrics["hd95"].ByClass);    // (0.5 mm + 0) / 2; nothing is said of an absent class
        Assert.Equal([0.5, 0], metrics["surface_dice"].ByClass);
        Assert.Equal([0.5, double.NaN], metrics["precision"].ByClass);
        Assert.Equal([0.5, 0], metrics["recall"].ByClass);
        Assert.Equal([((580.0 / 590) + 1) / 2, 1], metrics["specificity"].ByClass);
        Assert.Equal(0.5, metrics["precision"].Mean);               // of the one class that has a number
        Assert.Equal(All, metrics.Keys);
    }

    [Fact]
    public void Every_case_and_class_is_in_the_file()
    {
        Table(new ReportPlan { Metrics = ["hd95", "iou"] }).Save(_folder);
        var file = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "scores.json")))!;
        Assert.Equal(["bar", "dot"], file["classes"]!.AsArray().Select(c => (string)c!));
        Assert.Equal("1", file["metrics"]!["hd95"]!["by_case"]!["a"]![0]!.ToJsonString());
        Assert.Equal("NaN", (string)file["metrics"]!["hd95"]!["by_case"]!["a"]![1]!);
        Assert.Equal(0.5, (double)file["metrics"]!["iou"]!["mean"]!);
    }

    [Fact]
    public void MLflow_hears_of_what_was_measured()
    {
        var log = new Heard();
        Table(new ReportPlan { Metrics = ["precision", "iou"] }).Tell(log);
        Assert.Equal(["test/precision", "test/precision/bar", "test/iou", "test/iou/bar", "test/iou/dot"], log.Keys);
        MetricTable.Of(["bar"], [], new ReportPlan(), LabelMode.Multilabel).Tell(log = new Heard());
        Assert.Empty(log.Keys);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Mask Bar(int row) => new(Frame, [new Run(row * 30, 10)]);

    private sealed class Heard : IRunLog
    {
        public List<string> Keys { get; } = [];

        public string RunId => "";

        public void Metric(string key, double value, long step = 0) => Keys.Add(key);

        public void Param(string key, string value)
        {
        }

        public void Tag(string key, string value)
        {
        }

        public void Artifact(string file, string folder = "")
        {
        }
    }
}
