using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Plugins.Architectures.Unet;
using Osteon.Plugins.Encoders.ResNet;
using Osteon.Testing;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models.Tests;

/// <summary>U-Nets beside segmentation_models.pytorch 0.5.0.</summary>
public sealed class UnetGoldenTests
{
    public static TheoryData<string> Names() => new(
        "unet.resnet18", "unet.resnet18.d3", "unet.resnet18.scse", "unet.resnet18.binary_in1", "unet.resnet18.bilinear_instnorm",
        "unet.resnet34", "unet.resnet34.d4", "unet.resnet50", "unet.resnext50_32x4d", "unet.resnext50_32x4d.b1");

    [Theory]
    [MemberData(nameof(Names))]
    public void Has_the_reference_keys_in_order(string name)
    {
        using var model = Model(name);
        model.CheckKeys();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gives_the_reference_logits_and_gradients(string name)
    {
        using var model = Model(name);
        model.CheckEval();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Trains_a_step_as_the_reference_does(string name)
    {
        using var model = Model(name);
        model.CheckTrain();
    }

    [Fact]
    public void Refuses_attention_over_too_few_channels() => Assert.Contains("at least 16",
        Assert.Throws<ConfigurationException>(() => new Unet(new UnetOptions { EncoderDepth = 3, DecoderChannels = [32, 16, 8], DecoderAttentionType = "scse" })).Message,
        StringComparison.Ordinal);

    private static GoldenModel Model(string name) => new(SharedData.Path($"golden/models/{name}.json"), Build);

    private static Module<Tensor, Tensor> Build(JsonObject ctor) => new Unet(OptionsOf(ctor)).Build(
        new NetworkShape((int?)ctor["in_channels"] ?? 3, (int)ctor["classes"]!),
        options => new ResNetEncoder(options with { Name = (string)ctor["encoder_name"]! }));

    private static UnetOptions OptionsOf(JsonObject ctor) => new()
    {
        EncoderDepth = (int?)ctor["encoder_depth"] ?? 5,
        DecoderChannels = ctor["decoder_channels"]?.AsArray().Select(c => (int)c!).ToArray() ?? [],
        DecoderAttentionType = (string?)ctor["decoder_attention_type"],
        DecoderInterpolation = (string?)ctor["decoder_interpolation"] ?? "nearest",
        DecoderUseNorm = (string?)ctor["decoder_use_norm"]?["type"] ?? "batchnorm",
    };
}
