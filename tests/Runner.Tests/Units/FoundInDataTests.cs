using Osteon.Abstractions;

namespace Osteon.Runner.Tests;

/// <summary>What a reader had to find out about a data set is a fact of every unit that comes of it.</summary>
public sealed class FoundInDataTests : IDisposable
{
    private readonly ExperimentFolder _folder = new();

    public FoundInDataTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Root, "plugins"));
        foreach (var plugin in (string[])["Architectures.TorchScript.dll", "Formats.RleCsv.dll", "Losses.Segmentation.dll"])
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, plugin), Path.Combine(_folder.Root, "plugins", plugin));
        }

        // A bar of three pixels in each of four rows of an oblong image, one at the left border and one at the right, from 1 by rows.
        Directory.CreateDirectory(Path.Combine(_folder.Root, "data", "images"));
        Imaging.ImageFile.WritePng(Path.Combine(_folder.Root, "data", "images", "a.png"), new Image(new Masks.Frame(8, 20)));
        File.WriteAllText(Path.Combine(_folder.Root, "data", "train.csv"), "image,rle\na,1 3 21 3 41 3 61 3\na,98 3 118 3 138 3 158 3\n");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("rle-csv", "row order from 1")]
    [InlineData("{rle-csv: {order: row, base: 1}}", "row order from 1")]
    [InlineData("{rle-csv: {order: column, base: 1}}", "column order from 1")]
    public void The_convention_of_runs_stands_in_the_key_of_Convert(string format, string expected)
    {
        using var session = Open(format);
        Assert.Equal(expected, session.FoundInData["rle"]);
        Assert.Equal(expected, (string?)Assert.Single(new ConvertStage().Units(session)).Config["found"]!["rle"]);
        Assert.Equal(format == "rle-csv", session.FoundInData.ContainsKey("rle_by"));
    }

    [Fact]
    public void What_cannot_be_found_out_stops_before_anything_is_spent()
    {
        File.WriteAllText(Path.Combine(_folder.Root, "data", "train.csv"), "image,rle\na,45 1\n");
        using var session = Open("rle-csv");
        Assert.Contains("base: 0 or 1", Assert.Throws<ConfigurationException>(() => new ConvertStage().Units(session).ToList()).Message, StringComparison.Ordinal);
    }

    private ExperimentSession Open(string format)
    {
        _folder.Write("e.yaml", $"data: {{format: {format}, source: {{root: data}}}}\nmodels: {{net: {{architecture: {{TorchScript: {{file: a.pt}}}}, weights: start.pth}}}}\n");
        return ExperimentSession.Open(new SessionOptions { Experiment = "e", Root = _folder.Root }, new NetworkFilesTests.Silence(), TimeProvider.System);
    }
}
