using System.Text.Json.Nodes;

namespace Osteon.Runner.Tests;

public sealed class VerdictTests
{
    private static readonly Platform Here = new("linux-x64", "A", "avx2", "1.13.1", "cpu");

    [Theory]
    [InlineData("out", 0.50, true, Likeness.BitEqual)]
    [InlineData("out", 0.50, false, Likeness.BitEqual)]
    [InlineData("other", 0.50, true, Likeness.Different)]           // equal scores of other bits are no reproduction on the same platform
    [InlineData("other", 0.505, false, Likeness.WithinTolerance)]
    [InlineData("other", 0.52, false, Likeness.Different)]
    public void Bits_count_on_the_same_platform_and_scores_elsewhere(string output, double dice, bool samePlatform, Likeness expected)
    {
        var now = new Dictionary<string, LockEntry> { ["Ensemble"] = new("k", [], output, new Dictionary<string, double> { ["dice"] = dice, ["best_epoch"] = 99 }) };
        Assert.Equal(expected, Assert.Single(Verdicts.Of(Tag(), now, samePlatform)).Likeness);
    }

    [Fact]
    public void A_unit_that_was_not_made_is_different() =>
        Assert.Equal(new UnitLikeness("Ensemble", Likeness.Different, "was not made"), Assert.Single(Verdicts.Of(Tag(), new Dictionary<string, LockEntry>(), true)));

    [Fact]
    public void A_message_is_read_back_whatever_stands_around_it()
    {
        var record = Tag();
        var read = TagMessage.Parse("Signed\n" + TagMessage.Write(record).Replace("\n", "\n", StringComparison.Ordinal) + "\n-----BEGIN PGP SIGNATURE-----\n")!;
        Assert.Equal(record.Experiment, read.Experiment);
        Assert.Equal("out", read.Units["Ensemble"].Output);
        Assert.Equal(0.5, read.Units["Ensemble"].Metrics["dice"]);
        Assert.Equal(Here, read.Platform);
        Assert.Equal(3, (int?)read.Plan["train"]!["epochs"]);
    }

    [Theory]
    [InlineData("v1.0")]
    [InlineData("-----BEGIN OSTEON RESULT-----\n{\n-----END OSTEON RESULT-----")]
    [InlineData("-----END OSTEON RESULT----------BEGIN OSTEON RESULT-----")]
    public void Another_s_message_is_none(string message) => Assert.Null(TagMessage.Parse(message));

    [Fact]
    public void Names_files_that_changed_went_or_came()
    {
        var then = DataManifest.Parse($"{new string('a', 64)}  a.png\n{new string('b', 64)}  b c.png\n{new string('c', 64)}  c.png\nnonsense\n");
        Assert.Equal(3, then.Count);
        Assert.Equal(
            ["a.png was changed: aaaaaaaa → dddddddd", "b c.png is missing", "new.png was added"],
            DataManifest.Differences(then, [("a.png", new string('d', 64)), ("c.png", new string('c', 64)), ("new.png", new string('e', 64))]));
        Assert.Equal(["a.png is missing", "and 2 more"], DataManifest.Differences(then, [], most: 1));
    }

    private static TagRecord Tag() => new()
    {
        Experiment = "e",
        File = "experiments/e.yaml",
        Config = "c",
        Plan = new JsonObject { ["train"] = new JsonObject { ["epochs"] = 3 } },
        Data = new Dictionary<string, string>(),
        Plugins = new Dictionary<string, string>(),
        Units = new Dictionary<string, TaggedUnit> { ["Ensemble"] = new("k", "out", new Dictionary<string, double> { ["dice"] = 0.5 }) },
        Platform = Here,
        Tolerance = 0.01,
    };
}
