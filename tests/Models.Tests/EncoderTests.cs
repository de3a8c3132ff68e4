using Osteon.Abstractions;
using Osteon.Plugins.Architectures.Unet;
using Osteon.Plugins.Encoders.ResNet;
using static TorchSharp.torch;

namespace Osteon.Models.Tests;

public sealed class EncoderTests
{
    [Theory]
    [InlineData("resnet18", 11176512)]
    [InlineData("resnet34", 21284672)]
    [InlineData("resnet50", 23508032)]
    [InlineData("resnext50_32x4d", 22979904)]
    public void Has_torchvision_s_parameter_count_less_the_classifier(string name, long parameters)
    {
        using var encoder = new ResNetEncoder(new EncoderOptions { Name = name });
        Assert.Equal(parameters, encoder.parameters().Sum(p => p.numel()));
    }

    [Theory]
    [InlineData("resnet18", 5, 32)]
    [InlineData("resnet18", 3, 32)]
    [InlineData("resnet50", 4, 32)]
    [InlineData("resnet18", 5, 8)]
    [InlineData("resnext50_32x4d", 5, 16)]
    public void Maps_have_the_channels_and_strides_declared(string name, int depth, int outputStride)
    {
        using var scope = NewDisposeScope();
        using var encoder = new ResNetEncoder(new EncoderOptions { Name = name, Depth = depth, InChannels = 2, OutputStride = outputStride });
        var maps = encoder.forward(zeros(1, 2, 64, 96));
        Assert.Equal(depth + 1, maps.Count);
        for (var i = 0; i < maps.Count; i++)
        {
            Assert.Equal([1, encoder.Channels[i], 64 / encoder.Strides[i], 96 / encoder.Strides[i]], maps[i].shape);
        }
    }

    [Fact]
    public void Weights_begin_with_the_spread_of_the_paper()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var encoder = new ResNetEncoder(new EncoderOptions { Name = "resnet18" });
        var weights = encoder.state_dict();
        // Normal by fan out: deviation √(2 / (512 · 3 · 3)).
        Assert.Equal(Math.Sqrt(2.0 / (512 * 9)), weights["layer4.1.conv2.weight"].std().item<float>(), 1e-4);
        Assert.All(weights["bn1.weight"].data<float>().ToArray(), v => Assert.Equal(1, v));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Contains("8, 16 or 32", Refusal(new EncoderOptions { Name = "resnet18", OutputStride = 4 }), StringComparison.Ordinal);
        Assert.Contains("1 to 5", Refusal(new EncoderOptions { Name = "resnet18", Depth = 6 }), StringComparison.Ordinal);
        Assert.Contains("resnet81", Refusal(new EncoderOptions { Name = "resnet81" }), StringComparison.Ordinal);
        Assert.Contains("decoder_channels", Assert.Throws<ConfigurationException>(() => new Unet(new UnetOptions { DecoderChannels = [1, 2] })).Message, StringComparison.Ordinal);
        Assert.Contains("scse", Assert.Throws<ConfigurationException>(() => new Unet(new UnetOptions { DecoderAttentionType = "cbam" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_forward_pass_leaves_its_result_alone_in_the_scope()
    {
        using var outer = NewDisposeScope();
        using var network = new Unet(new UnetOptions { EncoderDepth = 3, DecoderAttentionType = "scse" })
            .Build(new NetworkShape(1, 2), options => new ResNetEncoder(options with { Name = "resnet18" }));
        network.eval();
        using var untracked = no_grad();
        var input = zeros(1, 1, 32, 32);
        using var scope = NewDisposeScope();
        network.forward(input);
        Assert.Equal(1, scope.DisposablesCount);
    }

    private static string Refusal(EncoderOptions options) => Assert.Throws<ConfigurationException>(() => new ResNetEncoder(options)).Message;
}
