using Osteon.Testing;

namespace Osteon.Acceptance.Tests;

/// <summary>The field's experiments, each in its tiny form, from the files to the report.</summary>
public sealed class ShippedExperimentTests
{
    [Theory]
    [InlineData("spine-tiny", "unet-r34/fold 1")]
    [InlineData("final-tiny", "segformer-b0/fold 1")]
    public void Made_from_a_seed(string name, string member) => Report(name, member);

    [Fact]
    public void Electron_micrographs_with_valid_convolutions_and_a_watershed()
    {
        var output = Report("em-tiny", "pixel accuracy", "--set", $"data.source.root={SharedData.Path("data/isbi-em")}");
        Assert.Contains("Dice membrane", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Fractures_of_which_none_is_an_empty_label()
    {
        var output = Report("fracatlas-tiny", "Dice fractured", "--set", $"data.source.root={SharedData.Path("data/xray-fracatlas")}",
            "--set", "data.format.fracatlas.annotations=annotations/coco_subset.json", "--set", "data.format.fracatlas.splits=splits");
        Assert.Contains("of 85 cases", output, StringComparison.Ordinal);
        Assert.DoesNotContain("empty-label", output, StringComparison.Ordinal);
        // The report counts them: cases, those with a label, those whose label is empty, in the files and as it is stored.
        Assert.Contains("<tr><th scope=\"row\">all</th><td class=\"n\">85</td><td class=\"n\">85</td><td class=\"n\">0</td><td class=\"n\">0</td><td class=\"n\">0.0 %</td></tr>", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Fractured_or_intact_by_the_picture_and_by_masks_that_are_out_of_fold()
    {
        using var workspace = new Workspace();
        workspace.CopyExperiments();
        var root = SharedData.Path("data/xray-fracatlas");
        foreach (var name in new[] { "fracatlas", "fracatlas-classify" })
        {
            workspace.Write($"experiments/fracatlas/{name}.yaml", File.ReadAllText(workspace.At("experiments", "fracatlas", $"{name}.yaml"))
                .Replace("${env:FRACATLAS:-data/FracAtlas}", root, StringComparison.Ordinal)
                .Replace("fracatlas: {fractured_only: true}", "fracatlas: {fractured_only: true, annotations: annotations/coco_subset.json, splits: splits}", StringComparison.Ordinal)
                .Replace("format: fracatlas\n", "format: {fracatlas: {annotations: annotations/coco_subset.json, splits: splits}}\n", StringComparison.Ordinal));
        }

        var output = workspace.Expect(0, "--target=Report", "--experiment=fracatlas-classify-seg-tiny");
        Assert.Contains("intact 64, fractured 85", output, StringComparison.Ordinal);
        Assert.Contains("masks by fracatlas-tiny: ", output, StringComparison.Ordinal);
        Assert.Contains("68 cases by the fold that held them out, 17 of its test by all folds, 64 that it never saw", output, StringComparison.Ordinal);
        Assert.DoesNotContain("are among those that fracatlas-tiny learned from", output, StringComparison.Ordinal);
        var report = File.ReadAllText(workspace.At("runs", "fracatlas-classify-seg-tiny", "report.html"));
        Assert.Contains("Cases in which fracatlas-tiny finds something", report, StringComparison.Ordinal);
    }

    private static string Report(string name, string told, params string[] set)
    {
        using var workspace = new Workspace();
        workspace.CopyExperiments();
        var output = workspace.Expect(0, ["--target=Report", $"--experiment={name}", .. set]);
        Assert.Contains(told, output, StringComparison.Ordinal);
        return output + File.ReadAllText(workspace.At("runs", name, "report.html"));
    }
}
