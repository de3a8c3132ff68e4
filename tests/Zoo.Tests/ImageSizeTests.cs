using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Inference;
using Osteon.Masks;
using Osteon.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Zoo.Tests;

/// <summary>Sizes that no stride divides: images are padded, logits cut back, in training and in prediction.</summary>
public sealed class ImageSizeTests
{
    [Theory]
    [InlineData(1000, 777, "FPN", "tu-tinynet_e", "{}", 1024, 800)]
    [InlineData(250, 194, "Unet", "timm-mobilenetv3_small_minimal_100", "{}", 256, 224)]
    [InlineData(250, 194, "DPT", "tu-vit_tiny_patch16_224", """{"dynamic_img_size": true}""", 256, 224)]
    [InlineData(250, 194, "DPT", "tu-vit_small_patch14_reg4_dinov2", """{"patch_size": 16, "img_size": 64, "dynamic_img_size": true}""", 256, 224)]
    [InlineData(250, 194, "UNetValid", null, """{"wf": 2, "depth": 4}""", 340, 284)]
    public void An_odd_size_trains_and_predicts(int originalHeight, int originalWidth, string architecture, string? encoder, string options, int height, int width)
    {
        var odd = new Frame(originalHeight, originalWidth);
        using var scope = NewDisposeScope();
        var ctor = JsonNode.Parse(options)!.AsObject();
        ctor["in_channels"] = 1;
        using var network = Zoo.Build(architecture, encoder, ctor);
        var sizes = network.Sizes;
        var image = new Image(odd);
        for (var i = 0; i < image.Bytes.Length; i++)
        {
            image.Bytes[i] = (byte)(i * 7 >> 4);
        }

        var labels = new LabelMap(odd, 1);
        labels.Add(new Mask(odd, [new Run(0, 1000)]), 0);
        var batch = Collation.Stack([new Sample(image, labels)], ["a"], 1, sizes);
        Assert.Equal(new Frame(height, width), batch.Frame);
        var (images, targets) = batch.ToTensors(CPU);
        network.train();
        var loss = Objective.Of([new WeightedLoss("l", new Squares(), 1)], LabelMode.Multilabel, network.Outputs, network.ForwardAll(images), targets);
        loss.backward();
        Assert.Contains(network.parameters(), parameter => parameter.grad is { } gradient && gradient.abs().sum().item<float>() > 0);
        var masks = new Predictor(network, LabelMode.Multilabel, 1, sizes, new InferPlan(), CPU).Predict(image, odd);
        Assert.Equal(odd, Assert.Single(masks).Frame);
    }

    [Theory]
    [InlineData("DPT", "tu-vit_tiny_patch16_224", "224×224 alone, and one of 1000×777 came. Set convert.size or train.crop to 224×224")]
    [InlineData("UPerNet", "tu-swin_tiny_patch4_window7_224", "224×224 alone")]
    public void A_size_that_cannot_be_is_told_with_the_one_that_can(string architecture, string encoder, string reason)
    {
        using var network = Zoo.Build(architecture, encoder, []);
        Assert.Contains(reason, Assert.Throws<ConfigurationException>(() => network.Sizes.For(new Frame(1000, 777))).Message, StringComparison.Ordinal);
        Assert.Equal(new Frame(224, 224), network.Sizes.For(new Frame(200, 100)));
    }

    private sealed class Squares : Loss
    {
        public override Tensor Forward(Tensor input, Tensor targets, LabelMode mode) => (input - targets).square().mean();
    }
}
