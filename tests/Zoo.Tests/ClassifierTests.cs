using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;
using Osteon.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Zoo.Tests;

/// <summary>Any encoder classifies.</summary>
public sealed class ClassifierTests
{
    // torchvision's own are held to its logits by golden files; the same weights under SMP's keys are the same network.
    [Theory]
    [InlineData("resnet18")]
    [InlineData("resnext50_32x4d")]
    public void With_torchvision_s_weights_it_gives_torchvision_s_logits(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        manual_seed(3);
        using var reference = Zoo.Plugins.Create<Architecture>(new Choice(name)).Build(new NetworkShape(3, 5), _ => throw new InvalidOperationException("it has its own"));
        using var network = Classifier(name, new NetworkShape(3, 5));
        var weights = reference.state_dict().ToDictionary(w => w.Key.StartsWith("fc.", StringComparison.Ordinal) ? $"classification_head.3.{w.Key[3..]}" : $"encoder.{w.Key}", w => w.Value);
        var own = network.state_dict();
        Assert.Equal(weights.Keys.Order(StringComparer.Ordinal), own.Keys.Order(StringComparer.Ordinal));
        foreach (var (key, value) in own)
        {
            value.copy_(weights[key]);
        }

        reference.eval();
        network.eval();
        var images = rand([2, 3, 64, 96]);
        Assert.Equal(reference.forward(images).data<float>().ToArray(), network.forward(images).data<float>().ToArray());
    }

    [Theory]
    [InlineData("mobilenet_v2")]
    [InlineData("mit_b0")]
    [InlineData("densenet121")]
    [InlineData("tu-convnext_atto")]
    [InlineData("tu-swin_tiny_patch4_window7_224")]
    [InlineData("tu-vit_tiny_patch16_224")]
    public void Every_family_s_deepest_map_is_enough(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var network = Classifier(name, new NetworkShape(1, 4) { HeadBias = [1, 2, 3, 4] });
        network.eval();
        var side = network.Sizes.Only?.Height ?? 64;
        var logits = network.forward(rand([2, 1, side, side]));
        Assert.Equal([2, 4], logits.shape);
        Assert.True(logits.isfinite().all().item<bool>());
    }

    [Theory]
    [InlineData("""{"pooling": "mean"}""", "pooling 'mean' is unknown; avg and max are allowed.")]
    [InlineData("""{"dropout": 1}""", "dropout 1 must be at least 0 and below 1.")]
    [InlineData("""{"encoder_depth": 6}""", "encoder_depth 6 must be 3 to 5.")]
    public void Options_are_checked(string options, string fault) => Assert.Contains(fault,
        Assert.Throws<ConfigurationException>(() => Zoo.Plugins.Create<Architecture>(new Choice("Classifier", System.Text.Json.Nodes.JsonNode.Parse(options)!.AsObject()))).Message, StringComparison.Ordinal);

    private static Network Classifier(string encoder, NetworkShape shape) => Zoo.Plugins.Create<Architecture>(new Choice("Classifier"))
        .Build(shape, asked => Zoo.Encoder(encoder, null, asked with { InChannels = shape.InChannels }));
}
