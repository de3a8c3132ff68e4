using Osteon.Abstractions;

namespace Osteon.Runner.Tests;

/// <summary>The rule by which outlines become pixels is a fact of every unit that comes of them, written or not.</summary>
public sealed class PolygonRasterTests : IDisposable
{
    private readonly ExperimentFolder _folder = new();

    public PolygonRasterTests()
    {
        foreach (var plugin in (string[])["Architectures.TorchScript.dll", "Formats.HandBone.dll", "Losses.Segmentation.dll"])
        {
            Directory.CreateDirectory(Path.Combine(_folder.Root, "plugins"));
            File.Copy(Path.Combine(AppContext.BaseDirectory, plugin), Path.Combine(_folder.Root, "plugins", plugin));
        }

        Directory.CreateDirectory(Path.Combine(_folder.Root, "data/train/DCM/ID001"));
        File.WriteAllText(Path.Combine(_folder.Root, "data/train/DCM/ID001/a.png"), "x");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("hand-bone", "fillpoly")]
    [InlineData("{hand-bone: {raster: fillpoly}}", "fillpoly")]
    [InlineData("{hand-bone: {raster: fillpoly_truncated}}", "fillpoly_truncated")]
    [InlineData("{hand-bone: {raster: coco}}", "coco")]
    public void It_stands_in_the_key_of_Convert(string format, string expected)
    {
        using var session = Open(format);
        Assert.Equal(expected, session.PolygonRaster);
        Assert.Equal(expected, (string?)Assert.Single(new ConvertStage().Units(session)).Config["raster"]);
    }

    /// <summary>Options are keyed without their order: classes that come of them are a fact of their own.</summary>
    [Theory]
    [InlineData("{hand-bone: {classes: [Ulna, Radius]}}", "[\"Ulna\",\"Radius\"]")]
    [InlineData("{hand-bone: {classes: [Radius, Ulna]}}", "[\"Radius\",\"Ulna\"]")]
    public void Classes_of_the_format_s_options_stand_in_the_key_of_Convert_in_their_order(string format, string expected)
    {
        using var session = Open(format);
        Assert.Equal(expected, Assert.Single(new ConvertStage().Units(session)).Config["classes"]!.ToJsonString());
    }

    [Fact]
    public void A_rule_that_does_not_exist_is_told_with_those_that_do() =>
        Assert.Contains("fillpoly, fillpoly_truncated, coco", Assert.Throws<ConfigurationException>(() => Open("{hand-bone: {raster: pil}}")).Message, StringComparison.Ordinal);

    private ExperimentSession Open(string format)
    {
        _folder.Write("e.yaml", $"data: {{format: {format}, source: {{root: data}}}}\nmodels: {{net: {{architecture: {{TorchScript: {{file: a.pt}}}}, weights: start.pth}}}}\n");
        return ExperimentSession.Open(new SessionOptions { Experiment = "e", Root = _folder.Root }, new NetworkFilesTests.Silence(), TimeProvider.System);
    }
}
