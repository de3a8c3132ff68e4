using Osteon.Abstractions;
using Osteon.Plugins.Encoders.ResNet;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models.Tests;

public sealed class PretrainedWeightsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osteon-pretrained-");
    private readonly DisposeScope _scope = NewDisposeScope();

    private string Target => Path.Combine(_folder.FullName, "imagenet.safetensors");

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void One_channel_gets_the_sum_of_three() =>
        Assert.Equal([1 + 10 + 100, 2 + 20 + 200], PretrainedWeights.Adapted(Colours, 1).data<float>().ToArray());

    // Channel i mod 3, times 3/n.
    [Theory]
    [InlineData(2, new[] { 1.5f, 15, 3, 30 })]
    [InlineData(4, new[] { 0.75f, 7.5f, 75, 0.75f, 1.5f, 15, 150, 1.5f })]
    [InlineData(6, new[] { 0.5f, 5, 50, 0.5f, 5, 50, 1, 10, 100, 1, 10, 100 })]
    public void Other_numbers_of_channels_take_the_three_in_turn(int channels, float[] expected)
    {
        var adapted = PretrainedWeights.Adapted(Colours, channels);
        Assert.Equal([2, channels, 1, 1], adapted.shape);
        Assert.Equal(expected, adapted.data<float>().ToArray());
    }

    [Theory]
    [InlineData("resnet18", 1)]
    [InlineData("resnet18", 2)]
    [InlineData("tu-resnet18", 5)]
    public void A_classifier_s_file_fills_an_encoder_of_any_channels(string name, int channels)
    {
        using var classifier = new ResNetEncoder(new EncoderOptions { Name = "resnet18" });
        var file = classifier.state_dict().Where(entry => !entry.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)).ToDictionary();
        file["fc.weight"] = ones(1000, 512);
        file["fc.bias"] = ones(1000);
        SafeTensors.Write(Target, file);
        using Encoder encoder = name == "resnet18" ? new ResNetEncoder(Options(name, channels)) : new TimmResNetEncoder(Options(name, channels));
        PretrainedWeights.Load(encoder, Target);
        var (prefix, state) = (name == "resnet18" ? "" : "model.", encoder.state_dict());
        Assert.Equal(classifier.state_dict()["layer3.1.conv2.weight"].data<float>().ToArray(), state[prefix + "layer3.1.conv2.weight"].data<float>().ToArray());
        Assert.Equal(PretrainedWeights.Adapted(file["conv1.weight"], channels).data<float>().ToArray(), state[prefix + "conv1.weight"].data<float>().ToArray());
    }

    [Fact]
    public void Stages_that_a_timm_encoder_leaves_out_are_left_in_the_file()
    {
        using var whole = new ResNetEncoder(new EncoderOptions { Name = "resnet18" });
        SafeTensors.Write(Target, whole.state_dict());
        using var encoder = new TimmResNetEncoder(new EncoderOptions { Name = "tu-resnet18", Depth = 3 });
        PretrainedWeights.Load(encoder, Target);
        Assert.DoesNotContain("model.layer3.0.conv1.weight", encoder.state_dict().Keys);
        Assert.Equal(whole.state_dict()["layer2.0.conv1.weight"].data<float>().ToArray(), encoder.state_dict()["model.layer2.0.conv1.weight"].data<float>().ToArray());
    }

    [Fact]
    public void Weights_of_another_network_are_refused()
    {
        using var other = new ResNetEncoder(new EncoderOptions { Name = "resnet34" });
        SafeTensors.Write(Target, other.state_dict());
        using var encoder = new ResNetEncoder(new EncoderOptions { Name = "resnet18" });
        Assert.Contains("Unexpected", Assert.Throws<DataException>(() => PretrainedWeights.Load(encoder, Target)).Message, StringComparison.Ordinal);
    }

    // SMP's DeepLabV3 of 0.4 numbered its decoder's parts; its encoders that are timm's now had no "model", and timm's no underscore.
    [Theory]
    [InlineData("decoder", "aspp", "decoder.0.weight")]
    [InlineData("decoder", "conv", "decoder.1.weight")]
    [InlineData("decoder", "bn", "decoder.2.weight")]
    [InlineData("encoder", "model", "encoder.weight")]
    [InlineData("model", "stages_2", "model.stages.2.weight")]
    [InlineData("model", "stages_2", "stages.2.weight")]
    [InlineData("features", "denselayer1.norm1", "features.denselayer1.norm.1.weight")]
    public void Names_of_older_versions_are_understood(string outer, string inner, string written)
    {
        using var network = new Holder(outer, inner.Split('.').Reverse().Aggregate((Module)Linear(1, 1, hasBias: false), (part, name) => new Holder(name, part)));
        SafeTensors.Write(Target, new Dictionary<string, Tensor> { [written] = full([1, 1], 7) });
        Weights.Load(network, Target);
        Assert.Equal(7, Assert.Single(network.state_dict()).Value.item<float>());
    }

    private static Tensor Colours => tensor([1f, 10, 100, 2, 20, 200], [2, 3, 1, 1]);

    private static EncoderOptions Options(string name, int channels) => new() { Name = name, InChannels = channels };

    private sealed class Holder : Module
    {
        public Holder(string name, Module part) : base(name) => register_module(name, part);
    }
}
