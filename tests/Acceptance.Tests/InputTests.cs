using System.Globalization;
using System.Text.Json.Nodes;
using Osteon.Masks;

namespace Osteon.Acceptance.Tests;

/// <summary>A classifier is shown what a segmentation predicts, out of fold, and one command trains both.</summary>
public sealed class InputTests : IDisposable
{
    private const string Data = """
        seed: 3
        data:
          format: hand-bone
          classes: [Radius, Ulna]
          synthesize:
            hand-bone: {patients: 4, test_patients: 1, size: 128, seed: 5}
        convert: {size: 64}
        split: {folds: 2}
        """;

    private const string Bones = Data + """

        description: Two bones of the forearm.
        models: {unet: {architecture: {Unet: {encoder_depth: 3, decoder_channels: [16, 8, 8]}}, encoder: resnet18}}
        train: {epochs: 2, repeat: 4, batch_size: 4, threads: 1, optimizer: {AdamW: {lr: 0.005}}}
        """;

    private const string Sides = Data + """

        description: Left hands from right ones, by the picture and by its bones.
        task: classification
        labels: {metadata: {column: side, classes: [L, R], names: {L: left, R: right}}}
        check: {ignore: [{rule: image-without-class, reason: some files' names do not say the side}]}
        input: {experiment: bones, as: channel, thresholds: [0.3, 0.5]}
        models: {r18: {architecture: {Classifier: {encoder_depth: 3}}, encoder: resnet18}}
        train: {epochs: 1, batch_size: 4, threads: 1, augment: [HorizontalFlip, Rotate: {limit: 10}]}
        """;

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Masks_come_from_networks_that_have_not_seen_the_case()
    {
        _workspace.Write("experiments/bones.yaml", Bones);
        _workspace.Write("experiments/sides.yaml", Sides);
        var planned = _workspace.Expect(0, "--target=Report", "--experiment=sides", "--dryrun");
        Assert.Contains("Train[model=unet,fold=1]", planned, StringComparison.Ordinal);
        Assert.Contains("Input: after Convert", planned, StringComparison.Ordinal);
        Assert.Contains("Input: would run unless", _workspace.Expect(0, "--target=Explain", "--experiment=sides"), StringComparison.Ordinal);

        var told = _workspace.Expect(0, "--target=Report", "--experiment=sides");
        Assert.Contains("sides builds on bones:", told, StringComparison.Ordinal);
        Assert.Contains("masks by bones: 8 cases by the fold that held them out, 2 of its test by all folds", told, StringComparison.Ordinal);
        Assert.Contains("ROC AUC", File.ReadAllText(_workspace.At("runs", "sides", "report.html")), StringComparison.Ordinal);

        // Who predicted what, by the lists of the units themselves.
        var folder = FolderOf("sides", "Input");
        var split = JsonNode.Parse(File.ReadAllText(Path.Combine(FolderOf("bones", "Split"), "split.json")))!;
        var holders = File.ReadAllLines(Path.Combine(folder, "holders.csv")).Skip(1).Select(row => row.Split(',')).ToDictionary(row => row[0], row => row[1]);
        Assert.Equal(10, holders.Count);
        for (var fold = 0; fold < 2; fold++)
        {
            var learned = split["folds"]![fold]!["train"]!.AsArray().Select(id => (string)id!).ToArray();
            Assert.All(learned, id => Assert.Equal((1 - fold).ToString(CultureInfo.InvariantCulture), holders[id]));
        }

        // The masks are those of that fold's network and not of the other one, which has learned from the case.
        var images = Path.GetDirectoryName(Path.GetDirectoryName(Directory.GetFiles(_workspace.At(".osteon", "cache", "Synthesize"), $"{holders.First(h => h.Value == "0").Key}.png", SearchOption.AllDirectories)[0]))!;
        var frames = holders.Keys.ToDictionary(id => $"{id}.png", _ => new Frame(128, 128), StringComparer.Ordinal);
        var own = new double[2][];
        for (var fold = 0; fold < 2; fold++)
        {
            _workspace.Expect(0, "--target=Infer", $"--input={images}", $"--model=bones/unet/{fold}", $"--output=fold{fold}");
            var predicted = Masks(_workspace.At($"fold{fold}", "predictions.csv"), frames, "");
            own[fold] = [.. new[] { 0, 1 }.Select(by => Masks(Path.Combine(folder, $"input-{by}.csv"), frames, "@0.5").Average(m => MaskMetrics.Dice(m.Value, predicted[m.Key])))];
        }

        Assert.True(own[0][0] > 0.97 && own[1][1] > 0.97, $"fold 0's masks have Dice {own[0][0]} with fold 0's network, fold 1's {own[1][1]} with fold 1's");
        Assert.True(own[0][1] < 0.97 && own[1][0] < 0.97, $"fold 1's masks have Dice {own[0][1]} with fold 0's network, fold 0's {own[1][0]} with fold 1's: the networks are too alike to tell");

        // Nothing is made twice, and a change of the segmentation reaches the classifier.
        Assert.Contains("everything is up to date", _workspace.Expect(0, "--target=Ensemble", "--experiment=sides"), StringComparison.Ordinal);
        _workspace.Write("experiments/bones.yaml", Bones.Replace("lr: 0.005", "lr: 0.004", StringComparison.Ordinal));
        Assert.Contains("Input: after bones/Train[model=unet,fold=0]", _workspace.Expect(0, "--target=Ensemble", "--experiment=sides", "--dryrun"), StringComparison.Ordinal);
        _workspace.Write("experiments/bones.yaml", Bones);

        // New images go the same way, shown as channels and, in another experiment, as crops.
        _workspace.Write("experiments/crops.yaml", Sides.Replace("as: channel, thresholds: [0.3, 0.5]", "as: crop", StringComparison.Ordinal));
        _workspace.Expect(0, "--target=Ensemble", "--experiment=crops");
        foreach (var experiment in new[] { "sides", "crops" })
        {
            var rows = File.ReadAllLines(_workspace.At("runs", experiment, "predictions.csv"));
            var tested = Path.GetDirectoryName(Directory.GetFiles(_workspace.At(".osteon", "cache", "Synthesize"), $"{rows[1].Split(',')[0]}.png", SearchOption.AllDirectories)[0])!;
            _workspace.Expect(0, "--target=Infer", $"--input={tested}", $"--model={experiment}", $"--output=new-{experiment}");
            // The probabilities of test cases, predicted again from their files.
            Assert.Contains(string.Join(',', rows[1].Split(',')[3..]), File.ReadAllText(_workspace.At($"new-{experiment}", "predictions.csv")), StringComparison.Ordinal);
        }
    }

    private string FolderOf(string experiment, string unit)
    {
        var key = (string)JsonNode.Parse(File.ReadAllText(_workspace.At("experiments", $"{experiment}.lock.json")))![unit]!["key"]!;
        return Directory.GetDirectories(_workspace.At(".osteon", "cache"), key, SearchOption.AllDirectories).Single();
    }

    private static Dictionary<(string Image, string Class), Mask> Masks(string path, Dictionary<string, Frame> frames, string ending) =>
        SubmissionReader.Read(path, frames).Where(row => row.Class.EndsWith(ending, StringComparison.Ordinal))
            .ToDictionary(row => (row.Image, ending.Length > 0 ? row.Class[..^ending.Length] : row.Class), row => row.Mask);
}
