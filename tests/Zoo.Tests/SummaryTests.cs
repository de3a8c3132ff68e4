using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Models;
using Osteon.Runner;
using Osteon.Torch;
using static TorchSharp.torch;

namespace Osteon.Zoo.Tests;

public sealed class SummaryTests
{
    private static readonly ModelZoo s_zoo = new(Zoo.Plugins);

    // torchvision's classifiers at 224 × 224, their convolutions and linear layers counted by hooks in Python; its tables say 1.81, 4.09, 4.23 and 11.40 G.
    [Theory]
    [InlineData("resnet18", 11_689_512, 1_814_073_344)]
    [InlineData("resnet50", 25_557_032, 4_089_184_256)]
    [InlineData("resnext50_32x4d", 25_028_904, 4_230_479_872)]
    [InlineData("wide_resnet50_2", 68_883_240, 11_398_021_120)]
    public void Counts_as_torchvision_does(string classifier, long parameters, long macs)
    {
        var summary = s_zoo.Summary(classifier, 3, 1000, new Frame(224, 224));
        Assert.Equal(parameters, summary.Parameters);
        Assert.Equal(macs, summary.Macs);
        Assert.Equal([1, 1000], summary.Output);
    }

    [Fact]
    public void Attention_counts_its_two_products()
    {
        const long Tokens = 197, Channels = 192, Heads = 12;
        using var encoder = Zoo.Encoder("tu-vit_tiny_patch16_224", null, new EncoderOptions { Depth = 4 });
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var trace = new CostTrace(encoder.named_parameters().Select(p => (p.name, (Tensor)p.parameter)));
        encoder.forward(zeros(1, 3, 224, 224));
        var block = (Tokens * Channels * 3 * Channels) + (2 * Tokens * Tokens * Channels) + (Tokens * Channels * Channels) + (2 * Tokens * Channels * 4 * Channels);
        Assert.Equal((196 * Channels * 768) + (Heads * block), trace.Costs.Sum(cost => cost.Macs));
        Assert.Equal(2 * 12, trace.Costs.Count(cost => cost.Weight is null));
    }

    [Fact]
    public void Parts_add_up_and_shapes_are_those_of_the_layers()
    {
        var summary = s_zoo.Summary("Unet/resnet18", 1, 2, new Frame(60, 90));
        var parts = summary.Parts.ToDictionary(part => part.Path);
        Assert.Equal([1, 1, 64, 96], summary.Input);                // the next multiples of 32
        Assert.Equal([1, 2, 64, 96], summary.Output);
        Assert.Equal([1, 64, 32, 48], parts["encoder.conv1"].Output);
        Assert.Equal((64 * 49, 64 * 49 * 32 * 48), (parts["encoder.conv1"].Parameters, parts["encoder.conv1"].Macs));
        Assert.Equal([1, 512, 2, 3], parts["encoder.layer4"].Output);
        Assert.Equal((2 * 16 * 9) + 2, parts["segmentation_head.0"].Parameters);
        foreach (var whole in new[] { "", "encoder", "decoder", "encoder.layer2.0" })
        {
            var inner = summary.Parts.Where(part => part.Depth == parts[whole].Depth + 1 && (whole.Length == 0 || part.Path.StartsWith($"{whole}.", StringComparison.Ordinal))).ToList();
            Assert.Equal(parts[whole].Macs, inner.Sum(part => part.Macs));
            Assert.Equal(parts[whole].Parameters, inner.Sum(part => part.Parameters));
        }

        var lines = summary.Lines(1).ToList();
        Assert.Contains(lines, line => line.StartsWith("  encoder: ResNetEncoder", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("conv1", StringComparison.Ordinal));
    }

    // PyTorch's own count of torchvision's ResNet-18: 4,800 channels are normalised, two statistics each, and 20 counters.
    [Fact]
    public void Buffers_are_running_statistics_and_those_of_shared_parts_count_once()
    {
        Assert.Equal((2 * 4800) + 20, s_zoo.Summary("resnet18", 3, 1000, new Frame(64, 64)).Buffers);
        Assert.Equal(0, s_zoo.Summary("PlainConvUNet", 3, 1, new Frame(64, 64)).Buffers);
    }

    [Theory]
    [InlineData("UnetPlusPlus/resnet50")]
    [InlineData("PlainConvUNet")]
    [InlineData("fcn_resnet50")]
    [InlineData("DPT/tu-vit_tiny_patch16_224")]
    [InlineData("Segformer/mit_b0")]
    public void Sums_any_architecture(string model)
    {
        var summary = s_zoo.Summary(model, 3, 1, new Frame(64, 64));
        Assert.True(summary.Macs > 0 && summary.Parameters == summary.Trainable);
        Assert.Equal(1, summary.Output[1]);
    }

    // Those of the shared golden files of mmsegmentation; of the deeper ones, that every part has its place.
    [Theory]
    [InlineData("segformer_mit-b0", 19, 3_720_051)]
    [InlineData("segformer_mit-b1", 19, 13_683_155)]
    [InlineData("upernet_r50", 19, 66_415_238)]
    [InlineData("upernet_r18", 19, null)]
    [InlineData("upernet_swin-tiny", 3, null)]
    public void Knows_mmsegmentations_configurations_by_name(string model, int classes, int? parameters)
    {
        var summary = s_zoo.Summary(model, 3, classes, new Frame(64, 64));
        Assert.Equal([1, classes, 64, 64], summary.Output);
        Assert.Equal(parameters ?? summary.Trainable, summary.Parameters);
    }

    [Fact]
    public void Lists_with_what_was_counted_before()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("osteon-models-").FullName, "models.tsv");
        var fresh = new ModelZoo(Zoo.Plugins) { Memory = file }.Encoders("mobilenet_v2");
        var line = Assert.Single(fresh);
        // torchvision's MobileNetV2 without its classifier: 3,504,872 − 1,281,000.
        Assert.Equal(("mobilenet_v2", "Encoders.MobileNet.dll", 2_223_872L), (line.Name, line.Dll, line.Parameters));
        Assert.Equal([1, 2, 4, 8, 16, 32], line.Strides);
        Assert.Equal([3, 16, 24, 32, 96, 1280], line.Channels);
        var text = File.ReadAllText(file);
        Assert.Equal(line.Parameters, Assert.Single(new ModelZoo(Zoo.Plugins) { Memory = file }.Encoders("mobilenet_v2")).Parameters);
        Assert.Equal(text, File.ReadAllText(file));
        File.WriteAllText(file, text.Replace("2223872", "x", StringComparison.Ordinal));
        Assert.Equal(line.Parameters, Assert.Single(new ModelZoo(Zoo.Plugins) { Memory = file }.Encoders("mobilenet_v2")).Parameters);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Fact]
    public void A_name_that_goes_with_nothing_is_told()
    {
        Assert.Contains("needs an encoder: --model=Unet/resnet34", Assert.Throws<ConfigurationException>(() => s_zoo.Summary("Unet", 3, 1, new Frame(64, 64))).Message, StringComparison.Ordinal);
        Assert.Contains("nearest is 'resnet50'", Assert.Throws<ConfigurationException>(() => s_zoo.Summary("Unet/resnet05", 3, 1, new Frame(64, 64))).Message, StringComparison.Ordinal);
    }
}
