using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Plugins.Architectures.Unet;
using Osteon.Testing;

namespace Osteon.Models.Tests;

/// <summary>The plain U-Net beside the same figure written in PyTorch (Golden/make_plain_unet.py).</summary>
public sealed class PlainUnetTests
{
    private static readonly string Golden = Path.Combine(SharedData.RepositoryRoot, "tests", "Models.Tests", "Golden", "plain_unet.json");

    [Fact]
    public void Has_the_keys_and_parameters_of_the_figure()
    {
        using var model = new GoldenModel(Golden, Build);
        model.CheckKeys();
    }

    [Fact]
    public void Gives_PyTorch_s_logits_and_gradients()
    {
        using var model = new GoldenModel(Golden, Build);
        model.CheckEval();
    }

    [Fact]
    public void Trains_a_step_as_PyTorch_does()
    {
        using var model = new GoldenModel(Golden, Build);
        model.CheckTrain();
    }

    [Theory]
    [InlineData(16, 1942289)]
    [InlineData(64, 31036481)]
    public void Is_as_large_as_its_width_says(int width, long parameters)
    {
        using var network = Build(new PlainUnetOptions { Width = width }, classes: 1);
        Assert.Equal(parameters, network.parameters().Sum(p => p.numel()));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Contains("width 0", Assert.Throws<ConfigurationException>(() => new PlainUnet(new PlainUnetOptions { Width = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("depth 7", Assert.Throws<ConfigurationException>(() => new PlainUnet(new PlainUnetOptions { Depth = 7 })).Message, StringComparison.Ordinal);
    }

    private static Network Build(JsonObject ctor) =>
        Build(new PlainUnetOptions { Width = (int)ctor["width"]!, Depth = (int)ctor["depth"]! }, (int)ctor["classes"]!);

    private static Network Build(PlainUnetOptions options, int classes) =>
        new PlainUnet(options).Build(new NetworkShape(1, classes), _ => throw new InvalidOperationException("a plain network asks for no encoder"));
}
