using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Runner.Tests;

/// <summary>Two members vote on two test cases; of one of them they disagree about a class.</summary>
public sealed class PseudoLabelTests : IDisposable
{
    private static readonly Frame Size = new(4, 6);

    private readonly ExperimentFolder _folder = new();

    public PseudoLabelTests()
    {
        foreach (var plugin in (string[])["Architectures.TorchScript.dll", "Formats.RleCsv.dll", "Losses.Segmentation.dll"])
        {
            Directory.CreateDirectory(Path.Combine(_folder.Root, "plugins"));
            File.Copy(Path.Combine(AppContext.BaseDirectory, plugin), Path.Combine(_folder.Root, "plugins", plugin));
        }

        foreach (var (name, grey) in new[] { ("images/a", 10), ("images/b", 20), ("images/c", 30), ("new/x", 40), ("new/y", 50) })
        {
            ImageFile.WritePng(Path.Combine(_folder.Root, "data", name + ".png"), new Image(Size, 1, [.. Enumerable.Repeat((byte)grey, Size.Area)]));
        }

        File.WriteAllText(Path.Combine(_folder.Root, "data", "train.csv"), "image,class,rle,who\na,bone,1 3,P1\na,screw,2 1,P1\nb,bone,7 2,P2\nb,screw,,P2\nc,bone,9 9,P3\nc,screw,10 2,P3\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_members_agree_on_becomes_training_cases_of_every_fold_and_runs_stay_runs()
    {
        using var session = Ready();
        var folder = Path.Combine(_folder.Root, "out");
        var result = new Exporter(session, new PseudoLabelledCases(session, least: 0.8, only: false), Options(folder)).Run(CancellationToken.None);

        Assert.True(result.IsEnough);
        Assert.Contains("1 of 2 test cases are labelled by 2 members that agree by 0.8 at least in every class", result.Lines);
        Assert.Contains("Round trip: IoU 1 over 4 labelled cases and 2 classes, every pixel the same", result.Lines);
        Assert.Equal(
            [
                "image_name,class,rle,patient,confidence,label_origin", "a.png,bone,1 3,P1,,truth", "a.png,screw,2 1,P1,,truth", "b.png,bone,7 2,P2,,truth", "b.png,screw,,P2,,truth",
                "c.png,bone,9 9,P3,,truth", "c.png,screw,10 2,P3,,truth", "test-x.png,bone,3 4 13 2,test-x,0.9615,pseudo", "test-x.png,screw,,test-x,0.9615,pseudo",
            ],
            File.ReadAllLines(Path.Combine(folder, "labels.csv")));
        var split = Split.Load(Path.Combine(folder, "split.json"));
        Assert.Empty(split.Test);
        Assert.Equal(["a", "c", "test-x"], split.Folds[0].Train);
        Assert.Equal(["b"], split.Folds[0].Validation);
        Assert.All(split.Folds, f => Assert.DoesNotContain("test-x", f.Validation));
        var told = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "export.json")))!["pseudo_labels"]!;

        // Of x one member sees the vote's 6 pixels and the other 7: (1 + 12/13) / 2. Of y one sees the screw and the other none: (1 + 0) / 2.
        Assert.Equal((1 + (12.0 / 13)) / 2, (double)told["kept"]![0]!["confidence"]!, 1e-12);
        Assert.Equal(("test-y", 0.5, "screw"), ((string?)told["left_out"]![0]!["id"], (double)told["left_out"]![0]!["confidence"]!, (string?)told["left_out"]![0]!["class"]));
        Assert.Equal(["net/fold 0", "net/fold 1"], told["members"]!.AsObject().Select(m => m.Key));
    }

    [Fact]
    public void Training_cases_stay_away_when_asked_and_too_much_confidence_leaves_nothing()
    {
        using var session = Ready();
        var result = new Exporter(session, new PseudoLabelledCases(session, least: 0, only: true), Options(Path.Combine(_folder.Root, "out"))).Run(CancellationToken.None);
        Assert.Contains("Round trip: IoU 1 over 2 labelled cases and 2 classes, every pixel the same", result.Lines);
        var none = Assert.Throws<ConfigurationException>(() => new Exporter(session, new PseudoLabelledCases(session, least: 1, only: true), Options(Path.Combine(_folder.Root, "none"))).Run(CancellationToken.None));
        Assert.Contains("none of 2 test cases; the surest is test-x", none.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(Path.Combine(_folder.Root, "none")) || Path.Exists(Path.Combine(_folder.Root, "none.partial")));
    }

    [Fact]
    public void The_experiments_own_labels_go_out_with_its_folds()
    {
        using var session = Ready();
        var folder = Path.Combine(_folder.Root, "out");
        var result = new Exporter(session, new LabelledCases(session), Options(folder)).Run(CancellationToken.None);
        Assert.Contains("Round trip: IoU 1 over 3 labelled cases and 2 classes, every pixel the same", result.Lines);
        Assert.Equal(["test-test-x", "test-test-y"], Split.Load(Path.Combine(folder, "split.json")).Test);
        Assert.False(JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "export.json")))!.AsObject().ContainsKey("pseudo_labels"));
        Assert.Contains("an export is there already", Assert.Throws<ConfigurationException>(() => new Exporter(session, new LabelledCases(session), Options(folder)).Run(CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    private static ExportOptions Options(string folder) => new() { Writer = new Choice("rle-csv"), Folder = folder };

    // What Convert, Split, Infer and Ensemble would have left.
    private ExperimentSession Ready()
    {
        _folder.Write("e.yaml", """
            data:
              format: {rle-csv: {test_images: new, order: row, base: "1", patient_column: who}}
              source: {root: data}
            split: {folds: 2}
            models: {net: {architecture: {TorchScript: {size_multiple: 8}}}}
            """);
        var session = ExperimentSession.Open(new SessionOptions { Experiment = "e", Root = _folder.Root }, new Quiet(), TimeProvider.System);
        Made(session, "Convert", folder => Conversion.Run(session.Plugins.Create<DatasetFormat>(session.Plan.Data.Format), session.SourceRoot, [], 0, folder, null, CancellationToken.None));
        Made(session, "Split", folder => new Split(["test-x", "test-y"], [new Fold(["a", "c"], ["b"]), new Fold(["b"], ["a", "c"])]).Save(Path.Combine(folder, "split.json")));
        Made(session, "Infer[model=net,fold=0]", folder => Predicted(folder, "predictions.csv", ("x", "3 4 13 2", ""), ("y", "1 2", "5 1")));
        Made(session, "Infer[model=net,fold=1]", folder => Predicted(folder, "predictions.csv", ("x", "3 4 13 3", ""), ("y", "1 2", "")));
        Made(session, "Ensemble", folder => Predicted(folder, "submission.csv", ("x", "3 4 13 2", ""), ("y", "1 2", "5 1")));
        return session;
    }

    private static void Predicted(string folder, string file, params (string Image, string Bone, string Screw)[] rows) =>
        File.WriteAllText(Path.Combine(folder, file), "image_name,class,rle\n" + string.Concat(rows.Select(r => $"{r.Image}.png,bone,{r.Bone}\n{r.Image}.png,screw,{r.Screw}\n")));

    private static void Made(ExperimentSession session, string unit, Action<string> make)
    {
        var (stage, key) = (unit.Split('[')[0], Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(unit))));
        Directory.CreateDirectory(session.Cache.Partial(stage, key));
        make(session.Cache.Partial(stage, key));
        var output = session.Cache.Commit(stage, key, new Dictionary<string, double>());
        session.Lock.Set(unit, new LockEntry(key, [], output.Hash, output.Metrics));
    }

    private sealed class Quiet : IConsoleLog
    {
        public void Result(string line)
        {
        }

        public void Info(string line)
        {
        }

        public void Verbose(string line)
        {
        }

        public void Warn(string line)
        {
        }

        public IProgressLine Progress(string title) => new Line();

        private sealed class Line : IProgressLine
        {
            public void Report(long done, long total, string? note = null)
            {
            }

            void IProgressLine.Line(string text)
            {
            }

            public void Dispose()
            {
            }
        }
    }
}
