using Osteon.Abstractions;

namespace Osteon.Runner.Tests.Scoring;

public sealed class ScoreTableTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-scores-").FullName;

    [Fact]
    public void Comes_back_as_it_was_written()
    {
        new ScoreTable(["Radius", "Ulna"], [new CaseScore("a", [0.5, double.NaN], [1.0 / 3, 1], null)]).Save(_folder);
        var read = ScoreTable.Load(_folder);
        Assert.Equal(["Radius", "Ulna"], read.Classes);
        Assert.Equal([0.5, double.NaN], Assert.Single(read.Cases).Dice);
    }

    [Theory]
    [InlineData("{ torn")]
    [InlineData("null")]
    [InlineData("")]
    public void A_damaged_file_is_named_with_what_to_do(string text)
    {
        var file = Path.Combine(_folder, "scores.json");
        File.WriteAllText(file, text);
        var e = Assert.Throws<DataException>(() => ScoreTable.Load(_folder));
        Assert.StartsWith(file, e.Message, StringComparison.Ordinal);
        Assert.Contains("--force", e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
