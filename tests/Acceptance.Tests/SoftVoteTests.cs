using System.Text.Json.Nodes;
using Osteon.Datasets;
using Osteon.Masks;

namespace Osteon.Acceptance.Tests;

/// <summary>Probabilities vote, at tuned thresholds, and what comes of it is post-processed as members are.</summary>
public sealed class SoftVoteTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void What_was_voted_for_is_post_processed_as_members_are()
    {
        Write("[RemoveSmallObjects: {min_size: 300}, LargestComponent: {auto: true}]");
        var told = _workspace.Expect(0, "--target=Ensemble", "--experiment=tiny");
        Assert.Matches(@"unet: thresholds of \d of 3 classes tuned", told);
        Assert.Matches(@"ensemble: post-processing chosen on \d+ validation cases: RemoveSmallObjects \(min_size 300\) as asked; LargestComponent for ", told);
        Assert.Contains("Soft vote of 2 members", told, StringComparison.Ordinal);
        Assert.Contains(Masks(), mask => !mask.IsEmpty);
        Assert.All(Masks(), mask => Assert.All(Components.Of(mask, Connectivity.Eight).Areas, area => Assert.True(area >= 300)));

        // The vote's choice and both members' are of all validation cases, and of no test case.
        var split = Split.Load(Directory.GetFiles(_workspace.At(".osteon", "cache"), "split.json", SearchOption.AllDirectories).Single());
        var choices = Directory.GetFiles(_workspace.At(".osteon", "cache"), "postprocess.json", SearchOption.AllDirectories).Select(f => JsonNode.Parse(File.ReadAllText(f))!).ToArray();
        Assert.Equal(3, choices.Length);
        Assert.All(choices, choice => Assert.Equal(
            split.Folds.SelectMany(f => f.Validation).Order(StringComparer.Ordinal), choice["cases"]!.AsArray().Select(c => (string)c!).Order(StringComparer.Ordinal)));

        // What members chose was chosen at the thresholds that they predict with: the Dice before it is the one of these on the curves that they were tuned by.
        var folds = Cached("Infer", "member-thresholds.json").Zip(Cached("Infer", "postprocess.json")).ToArray();
        var curves = Cached("Validate", "thresholds.json").SelectMany(c => c.AsArray()).ToArray();
        Assert.Equal(2, folds.Length);
        Assert.All(folds, fold => Assert.Equal(
            fold.First.AsArray().Select((t, k) => curves.Average(c => (double)c!["dice"]![k]![(int)Math.Round((double)t! * 20) - 1]!)).Average(), (double)fold.Second["before"]!, tolerance: 1e-12));

        // Images without labels go the same way.
        Directory.CreateDirectory(_workspace.At("new"));
        foreach (var name in Images())
        {
            File.Copy(Directory.GetFiles(_workspace.At(".osteon", "cache", "Synthesize"), name, SearchOption.AllDirectories)[0], _workspace.At("new", name));
        }

        _workspace.Expect(0, "--target=Infer", "--input=new", "--model=tiny");
        Assert.Equal(Rows("submission.csv"), Rows("predictions", "new", "predictions.csv"));

        Write("[RemoveSmallObjects: {min_size: 1}]");
        _workspace.Expect(0, "--target=Ensemble", "--experiment=tiny");
        Assert.Contains(Masks(), mask => Components.Of(mask, Connectivity.Eight).Areas.Any(area => area < 300));
    }

    // Three large bones, and as many steps as it takes to see something of them.
    private void Write(string steps) => _workspace.Write("experiments/tiny.yaml", TinyExperiment.Yaml(epochs: 2, models: 1)
        .Replace("[finger-3, finger-7, finger-11, finger-15, finger-19, Capitate, Triquetrum, Pisiform, Radius, Ulna]", "[Capitate, Radius, Ulna]", StringComparison.Ordinal)
        .Replace("  threads: 1", "  threads: 1\n  repeat: 6\n  optimizer: {AdamW: {lr: 0.01}}\n  loss: [BCE: 10, Dice: 1]", StringComparison.Ordinal)
        + $"\ninfer: {{tune_thresholds: true, postprocess: {steps}}}\nensemble: {{vote: soft}}\n");

    private JsonNode[] Cached(string stage, string file) =>
        [.. Directory.GetFiles(_workspace.At(".osteon", "cache", stage), file, SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => JsonNode.Parse(File.ReadAllText(f))!)];

    private string[] Rows(params string[] file) => [.. File.ReadAllLines(_workspace.At(["runs", "tiny", .. file])).Order(StringComparer.Ordinal)];

    private string[] Images() => [.. Rows("submission.csv").Where(r => r.Contains("Radius", StringComparison.Ordinal)).Select(r => r.Split(',')[0])];

    private IEnumerable<Mask> Masks() => SubmissionReader.Read(_workspace.At("runs", "tiny", "submission.csv"), Images().ToDictionary(name => name, _ => new Frame(128, 128))).Select(row => row.Mask);
}
