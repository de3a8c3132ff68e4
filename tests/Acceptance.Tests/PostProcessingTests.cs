using System.Text.Json.Nodes;
using Osteon.Datasets;

namespace Osteon.Acceptance.Tests;

/// <summary>Masks are changed after prediction, by what is written and by what validation cases choose.</summary>
public sealed class PostProcessingTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Validation_cases_choose_and_another_list_predicts_again_and_nothing_else()
    {
        Write("  postprocess: [LargestComponent: {auto: true}, Closing: {size: 5, classes: [Radius]}]", "ensemble: {postprocess: [auto]}");
        var told = _workspace.Expect(0, "--target=Ensemble", "--experiment=tiny");
        Assert.Matches(@"unet: post-processing chosen on \d+ validation cases: LargestComponent for ", told);
        Assert.Contains("Closing (size 5) as asked; Dice ", told, StringComparison.Ordinal);
        Assert.Matches(@"ensemble: post-processing chosen on \d+ validation cases: RemoveSmallObjects \(min_size 16\) ", told);

        var split = Split.Load(_workspace.At(Directory.GetFiles(_workspace.At(".osteon", "cache"), "split.json", SearchOption.AllDirectories).Single()));
        var choices = Directory.GetFiles(_workspace.At(".osteon", "cache"), "postprocess.json", SearchOption.AllDirectories).Select(f => JsonNode.Parse(File.ReadAllText(f))!).ToArray();
        Assert.Equal(3, choices.Length);                            // of both folds, and of the vote
        Assert.All(choices, choice => Assert.Equal(
            split.Folds.SelectMany(f => f.Validation).Order(StringComparer.Ordinal), choice["cases"]!.AsArray().Select(c => (string)c!).Order(StringComparer.Ordinal)));
        Assert.Contains("postprocess_nested_gain", File.ReadAllText(_workspace.At("experiments", "tiny.lock.json")), StringComparison.Ordinal);

        Write("  postprocess: [RemoveSmallObjects: {min_size: 8}]", string.Empty);
        told = _workspace.Expect(0, "--target=Ensemble", "--experiment=tiny");
        Assert.Contains("Train: 0 run, 0 restored, 2 up to date", told, StringComparison.Ordinal);
        Assert.Contains("Validate: 0 run, 0 restored, 2 up to date", told, StringComparison.Ordinal);
        Assert.Contains("Infer: 2 run", told, StringComparison.Ordinal);
        Assert.DoesNotContain("post-processing chosen", told, StringComparison.Ordinal);

        Write("  postprocess: [LargestComponent: {classes: [Radus]}, Largest, Opening: {shape: star}]", "ensemble: {postprocess: [FillHoles: {connectivity: 6}]}");
        var refused = _workspace.Expect(2, "--target=Ensemble", "--experiment=tiny");
        Assert.Contains("infer.postprocess[1] 'Largest' is unknown", refused, StringComparison.Ordinal);
        Assert.Contains("infer.postprocess[2].Opening.shape is 'star'. Allowed: rect, cross, ellipse.", refused, StringComparison.Ordinal);
        Assert.Contains("connectivity '6' is unknown. Allowed: 4, 8.", refused, StringComparison.Ordinal);
        Write("  postprocess: [LargestComponent: {classes: [Radus]}]", string.Empty);
        Assert.Contains("infer.postprocess[0].LargestComponent: class 'Radus' is unknown; nearest is 'Radius'.", _workspace.Expect(2, "--target=Ensemble", "--experiment=tiny"), StringComparison.Ordinal);
    }

    private void Write(string steps, string rest) => _workspace.Write("experiments/tiny.yaml", $"{TinyExperiment.Yaml(models: 1)}\ninfer:\n{steps}\n{rest}\n");
}
