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
    }

    private static string Report(string name, string told, params string[] set)
    {
        using var workspace = new Workspace();
        workspace.CopyExperiments();
        var output = workspace.Expect(0, ["--target=Report", $"--experiment={name}", .. set]);
        Assert.Contains(told, output, StringComparison.Ordinal);
        Assert.True(File.Exists(workspace.At("runs", name, "report.html")));
        return output;
    }
}
