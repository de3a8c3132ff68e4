using System.Text.Json.Nodes;

namespace Osteon.Runner.Tests;

public sealed class ComparisonTests
{
    [Fact]
    public void Tells_only_what_differs()
    {
        var a = Side("a", 0.001, "aaaa", 0.80);
        var b = Side("b", 0.01, "bbbb", 0.85);
        var lines = Comparison.Lines(a, b).ToArray();
        Assert.Contains("  train.lr  0.001 → 0.01", lines);
        Assert.DoesNotContain(lines, line => line.Contains("seed", StringComparison.Ordinal));
        Assert.Contains("  encoder resnet18  aaaa → bbbb", lines);
        Assert.Contains(lines, line => line.Contains("Ensemble dice", StringComparison.Ordinal) && line.EndsWith("+0.0500", StringComparison.Ordinal));
    }

    [Fact]
    public void Says_so_when_nothing_differs()
    {
        var lines = Comparison.Lines(Side("a", 1, "x", 0.5), Side("b", 1, "x", 0.5)).ToArray();
        Assert.Contains("settings: the same", lines);
        Assert.Contains("plugins and data: the same", lines);
        Assert.Contains("metrics: the same", lines);
    }

    [Fact]
    public void A_lock_alone_tells_settings_by_stage_and_what_folds_share_once()
    {
        var side = ComparedSide.Of("lock", null, new Dictionary<string, LockEntry>
        {
            ["Train[model=u,fold=0]"] = Entry(0),
            ["Train[model=u,fold=1]"] = Entry(1),
        });
        Assert.Equal(["Train.lr", "Train[model=u,fold=0].fold", "Train[model=u,fold=1].fold"], side.Config.Keys);
        Assert.Equal("aaaa", side.Inputs["encoder resnet18"]);
    }

    private static LockEntry Entry(int fold) => new("k", new JsonObject
    {
        ["config"] = new JsonObject { ["fold"] = fold, ["lr"] = 0.1 },
        ["plugins"] = new JsonObject { ["encoder resnet18"] = "aaaa" },
        ["inputs"] = new JsonObject(),
    }, "o", new Dictionary<string, double>());

    private static ComparedSide Side(string title, double lr, string digest, double dice) => ComparedSide.Of(
        title,
        new JsonObject { ["seed"] = 1, ["train"] = new JsonObject { ["lr"] = lr } },
        new Dictionary<string, LockEntry>
        {
            ["Ensemble"] = new("k", new JsonObject { ["plugins"] = new JsonObject { ["encoder resnet18"] = digest }, ["inputs"] = new JsonObject() }, "o", new Dictionary<string, double> { ["dice"] = dice }),
        });
}
