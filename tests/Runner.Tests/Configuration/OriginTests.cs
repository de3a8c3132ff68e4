using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;

namespace Osteon.Runner.Tests;

public sealed class OriginTests : IDisposable
{
    private readonly ExperimentFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("data.source.root", "experiments/base.yaml(3,18)")]
    [InlineData("train.epochs", "--set train.epochs=3")]
    [InlineData("train.batch_size", "default")]
    [InlineData("train.loss[0].BCE.weight", "experiments/e.yaml(2,22)")]
    [InlineData("train.loss[1]", "experiments/e.yaml(2,28)")]
    [InlineData("models.unet-r18.encoder", "experiments/base.yaml(5,43)")]
    [InlineData("models.unet-r18.encoder.resnet18.zero_init", "default")]
    [InlineData("infer.threshold", "default")]
    [InlineData("report.spacing", "experiments/e.yaml(3,10)")]
    public void Tells_where_a_value_comes_from(string path, string origin)
    {
        _folder.Write("e.yaml", "extends: base.yaml\ntrain: {loss: [{BCE: 0.5}, Dice]}\nreport: {spacing: [0.2, 0.2]}");
        Assert.Equal(origin, _folder.Load("e", "train.epochs=3").OriginOf(path));
    }

    [Fact]
    public void The_annotated_plan_reads_back_as_the_same_plan()
    {
        _folder.Write("e.yaml", "extends: base.yaml\ntrain: {loss: [{BCE: 0.5}, Dice], augment: []}");
        var loaded = _folder.Load("e", "train.epochs=3");
        var text = PlanText.WithOrigins(loaded, PluginCatalog.Load([], _folder.Root), []);
        Assert.Equal(PlanText.ToYaml(loaded.Plan), PlanText.ToYaml(PlanText.Parse(text, "plan.yaml").Plan));
        Assert.Contains("  epochs: 3", text, StringComparison.Ordinal);
        Assert.Contains("# --set train.epochs=3", text, StringComparison.Ordinal);
        Assert.Contains("# experiments/base.yaml(3,18)", text, StringComparison.Ordinal);
        Assert.All(text.TrimEnd('\n').Split('\n'), line => Assert.True(line.EndsWith(':') || line.EndsWith('-') || line.Contains("  # ", StringComparison.Ordinal), line));
    }
}
