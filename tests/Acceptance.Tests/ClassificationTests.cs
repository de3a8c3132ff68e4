namespace Osteon.Acceptance.Tests;

/// <summary>Whole images are told apart, from their labels to an answer for new ones.</summary>
public sealed class ClassificationTests : IDisposable
{
    private const string Experiment = """
        description: Left hands from right ones, by a table.
        task: classification
        labels: {csv: {file: sides.csv, id: image, label: side, names: {L: left, R: right}}}
        seed: 3
        data:
          format: hand-bone
          classes: [finger-3, Radius, Ulna]
          synthesize:
            hand-bone: {patients: 4, test_patients: 1, size: 128, seed: 5}
        convert: {size: 32}
        split: {folds: 2}
        models:
          r18: {architecture: {Classifier: {encoder_depth: 3}}, encoder: resnet18}
          max: {architecture: {Classifier: {encoder_depth: 3, pooling: max}}, encoder: resnet18}
        train: {epochs: 2, batch_size: 4, threads: 1, sampler: ClassBalanced, loss: [Focal: {softmax: true}]}
        infer: {tta: {scales: [1, 1.25]}}
        ensemble: {select: greedy}
        """;

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Images_are_told_apart_by_a_table()
    {
        _workspace.Write("experiments/sides.yaml", Experiment);
        _workspace.Write("sides.csv", "image,side\n");
        var refused = _workspace.Expect(2, "--target=Ensemble", "--experiment=sides");
        Assert.Contains("labels.csv: no row of sides.csv names one of the 10 cases in its column 'image'", refused, StringComparison.Ordinal);

        var cases = Directory.GetFiles(_workspace.At(".osteon", "cache"), "*.png", SearchOption.AllDirectories).Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal).ToArray();
        _workspace.Write("sides.csv", "image,side\n" + string.Join('\n', cases.Skip(2).Select((c, i) => $"{c}.png,{(i % 2 == 0 ? 'L' : 'R')}")) + "\n");
        refused = _workspace.Expect(2, "--target=Ensemble", "--experiment=sides");
        Assert.Contains("image-without-class", refused, StringComparison.Ordinal);
        Assert.Contains("has no class: sides.csv has no label for it", refused, StringComparison.Ordinal);

        _workspace.Write("sides.csv", "image,side\n" + string.Join('\n', cases.Select((c, i) => $"{c}.png,{(i % 2 == 0 ? 'L' : 'R')}")) + "\n");
        var told = _workspace.Expect(0, "--target=Ensemble", "--experiment=sides");
        Assert.Contains("left 5, right 5", told, StringComparison.Ordinal);
        Assert.Contains("r18: test-time augmentation, 2 views: ROC AUC ", told, StringComparison.Ordinal);
        Assert.Contains("out of fold (8 validation cases, 2 folds)", told, StringComparison.Ordinal);
        Assert.Matches("Soft vote of [24] members", told);
        Assert.Matches(@"Out of fold, on 8 validation images, a greedy selection takes (r18|max) \d+×", told);
        var rows = File.ReadAllLines(_workspace.At("runs", "sides", "predictions.csv"));
        Assert.Equal("id,fold,label,predicted,p_left,p_right", rows[0]);
        Assert.Equal(3, rows.Length);
        Assert.All(rows.Skip(1).Select(r => r.Split(',')), r => Assert.Equal(1, double.Parse(r[4], System.Globalization.CultureInfo.InvariantCulture) + double.Parse(r[5], System.Globalization.CultureInfo.InvariantCulture), 6));

        var again = _workspace.Expect(0, "--target=Ensemble", "--experiment=sides");
        Assert.Contains("0 run, 0 restored", again, StringComparison.Ordinal);

        Assert.Matches(@"sides +\d\.\d{4} \[\d\.\d{4}, \d\.\d{4}\] ROC AUC ", _workspace.Expect(0, "--target=Leaderboard"));
        var preview = _workspace.Expect(0, "--target=Preview", "--experiment=sides", $"--case={cases[3]}");
        Assert.Contains($"preview-{cases[3]}.html", preview, StringComparison.Ordinal);
        Assert.Contains("image, 32×32, right", File.ReadAllText(_workspace.At("runs", "sides", $"preview-{cases[3]}.html")), StringComparison.Ordinal);
        Assert.Contains("PseudoLabel makes masks, and sides classifies images.", _workspace.Expect(2, "--target=PseudoLabel", "--experiment=sides"), StringComparison.Ordinal);

        // New images are of the classes that were learnt, and known ones get what they got.
        var folder = Path.GetDirectoryName(Directory.GetFiles(_workspace.At(".osteon", "cache"), $"{rows[1].Split(',')[0]}*", SearchOption.AllDirectories).First(f => f.EndsWith(".png", StringComparison.Ordinal)))!;
        _workspace.Expect(0, "--target=Infer", $"--input={folder}", "--model=sides", "--output=new");
        Assert.Contains(string.Join(',', rows[1].Split(',')[3..]), File.ReadAllText(_workspace.At("new", "predictions.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_go_with_it_is_told_at_once()
    {
        _workspace.Write("experiments/wrong.yaml", """
            task: classification
            labels: {mask: {classes: [finger-3], positve: yes}}
            data: {format: hand-bone, synthesize: hand-bone}
            models: {unet: {architecture: Unet, encoder: resnet18}}
            train: {foreground: 0.3, crop: 32, metrics: [dice], best: {metric: f1/fractured}}
            infer: {window: 64, tune_thresholds: true}
            ensemble: {outputs: [csv, png]}
            """);
        var refused = _workspace.Expect(2, "--target=Ensemble", "--experiment=wrong");
        foreach (var fault in new[]
        {
            "train.metrics[0] is 'dice'", "train.foreground places crops on pixels", "infer.window cuts an image into windows", "infer.tune_thresholds is of pixels", "ensemble.outputs has forms of masks",
        })
        {
            Assert.Contains(fault, refused, StringComparison.Ordinal);
        }

        _workspace.Write("experiments/wrong.yaml", """
            task: classification
            labels: {mask: {classes: [finger-3], positve: yes}}
            data: {format: hand-bone, synthesize: hand-bone}
            models: {unet: {architecture: Unet, encoder: resnet18}}
            """);
        Assert.Contains("positve is unknown; nearest is 'positive'", _workspace.Expect(2, "--target=Ensemble", "--experiment=wrong"), StringComparison.Ordinal);
    }
}
