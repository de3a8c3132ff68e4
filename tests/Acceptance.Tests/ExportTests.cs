using System.Text.Json.Nodes;

namespace Osteon.Acceptance.Tests;

public sealed class ExportTests
{
    [Fact]
    public void A_data_set_goes_out_to_nnunet_and_comes_in_again_with_its_folds()
    {
        using var workspace = TinyExperiment.Open();
        string[] export = ["--target=Export", "--experiment=tiny", "--format={nnunet: {dataset_name: Hands, id: 7}}", "--output=raw"];

        Assert.Contains("every pixel the same", workspace.Expect(0, export), StringComparison.Ordinal);

        var record = JsonNode.Parse(File.ReadAllText(workspace.At("raw", "export.json")))!;
        Assert.Equal(1, (double)record["round_trip"]!["iou"]!);
        Assert.Equal("tiny", (string?)record["experiment"]);
        Assert.Contains("an export is there already", workspace.Expect(2, export), StringComparison.Ordinal);
        Assert.Contains("every pixel the same", workspace.Expect(0, [.. export, "--force"]), StringComparison.Ordinal);
        Assert.False(Path.Exists(workspace.At("raw.partial")) || Path.Exists(workspace.At("raw.old")));

        foreach (var format in new[] { "coco", "hand-bone" })
        {
            Assert.Contains("every pixel the same", workspace.Expect(0, "--target=Export", "--experiment=tiny", $"--format={format}"), StringComparison.Ordinal);
            Assert.True(File.Exists(workspace.At("runs", "tiny", "export", format, "export.json")));
        }

        var splits = Directory.GetFiles(workspace.At("raw"), "splits_final.json", SearchOption.AllDirectories)[0];
        workspace.Write("experiments/back.yaml", $$$"""
            data: {format: nnunet, source: {root: raw}}
            split: {folds: 2, file: {{{Path.GetRelativePath(workspace.Root, splits)}}}}
            models: {plain: {architecture: {PlainUnet: {width: 4, depth: 2} } }}
            """);
        workspace.Expect(0, "--target=Split", "--experiment=back");
        Assert.Equal(Parts("tiny"), Parts("back"));

        string Parts(string experiment)
        {
            var split = JsonNode.Parse(File.ReadAllText(workspace.At("runs", experiment, "split.json")))!;
            return split["test"]!.ToJsonString() + split["folds"]!.ToJsonString();
        }
    }

    [Fact]
    public void What_cannot_be_asked_for_is_told_and_nothing_is_left()
    {
        using var workspace = TinyExperiment.Open();
        Assert.Contains("there are coco, hand-bone, nnunet, rle-csv", workspace.Expect(2, "--target=Export", "--experiment=tiny"), StringComparison.Ordinal);
        Assert.Contains("writer 'nnunett' is unknown; nearest is 'nnunet'", workspace.Expect(2, "--target=Export", "--experiment=tiny", "--format=nnunett", "--output=raw"), StringComparison.Ordinal);
        Assert.Contains(".nii.gz, .nii and .png are written", workspace.Expect(2, "--target=Export", "--experiment=tiny", "--format={nnunet: {ending: .jpg}}", "--output=raw"), StringComparison.Ordinal);
        Assert.Contains("expected a number from 0 to 1", workspace.Expect(2, "--target=Export", "--experiment=tiny", "--format=nnunet", "--min-iou=2", "--output=raw"), StringComparison.Ordinal);
        workspace.Write("notes/mine.txt", "not to be lost");
        Assert.Contains("is not empty, and no export", workspace.Expect(2, "--target=Export", "--experiment=tiny", "--format=nnunet", "--output=notes", "--force"), StringComparison.Ordinal);
        Assert.Contains("would write tiny as nnunet", workspace.Expect(0, "--target=Export", "--experiment=tiny", "--format=nnunet", "--dryrun"), StringComparison.Ordinal);
        Assert.False(Path.Exists(workspace.At("raw")) || Path.Exists(workspace.At("raw.partial")));
    }
}
