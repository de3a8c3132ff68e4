using Osteon.Abstractions;
using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.TResNet;

/// <summary>TResNet as timm builds it: a residual network whose first layer rearranges squares of 4×4 pixels into channels.</summary>
/// <remarks>Ridnik et al. 2020, arXiv:2003.13630.</remarks>
[Encoder("tu-tresnet_l")]
[Encoder("tu-tresnet_m")]
[Encoder("tu-tresnet_v2_l")]
[Encoder("tu-tresnet_xl")]
public sealed class TResNetEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private static TimmFeatures Features(EncoderOptions options) => new(4, [.. Enumerable.Range(0, 4).Select(TResNetVariant.Named(options.Name).ChannelsOf)]) { Dilates = false };

    // Keys: body_conv1, body_layer1 ….
    private static FeatureList Model(EncoderOptions options)
    {
        var variant = TResNetVariant.Named(options.Name);
        var model = new FeatureList()
            .Add("body_s2d", new SpaceToDepth(), isMap: false)
            .Add("body_conv1", new ConvNormAct(options.InChannels * SpaceToDepth.Side * SpaceToDepth.Side, variant.Width, 3, activation: LeakyReLU(0.01, inplace: true)), isMap: false);
        foreach (var stage in Enumerable.Range(0, Features(options).Used(options)))
        {
            var before = stage == 0 ? variant.Width : variant.ChannelsOf(stage - 1);
            model.Add($"body_layer{stage + 1}", Sequential(Enumerable.Range(0, variant.Depths[stage]).Select<int, Module<Tensor, Tensor>>(i => variant.IsBottleneck(stage)
                ? new BottleneckBlock(variant, stage, i == 0 ? before : variant.ChannelsOf(stage), i == 0 && stage > 0 ? 2 : 1)
                : new BasicBlock(variant, stage, i == 0 ? before : variant.ChannelsOf(stage), i == 0 && stage > 0 ? 2 : 1))));
        }

        Initialization.Encoder(model);
        return model;
    }

    private sealed class SpaceToDepth() : Module<Tensor, Tensor>(nameof(SpaceToDepth))
    {
        public const int Side = 4;

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var (images, channels, height, width) = (input.shape[0], input.shape[1], input.shape[2] / Side, input.shape[3] / Side);
            return input.reshape(images, channels, height, Side, width, Side).permute(0, 3, 5, 1, 2, 4).reshape(images, channels * Side * Side, height, width).MoveToOuterDisposeScope();
        }
    }

    /// <summary>A network by its numbers.</summary>
    /// <param name="Depths">Blocks of each stage.</param>
    /// <param name="Width">Of the first stage.</param>
    /// <param name="IsSecond">All stages have bottlenecks.</param>
    internal sealed record TResNetVariant(IReadOnlyList<int> Depths, int Width, bool IsSecond = false)
    {
        public static TResNetVariant Named(string encoder) => encoder["tu-tresnet_".Length..] switch
        {
            "m" => new([3, 4, 11, 3], 64),
            "l" => new([4, 5, 18, 3], 76),
            "xl" => new([4, 5, 24, 3], 83),
            "v2_l" => new([3, 4, 23, 3], 64, IsSecond: true),
            var name => throw new ConfigurationException($"encoder 'tu-tresnet_{name}' is no TResNet that is known here."),
        };

        public bool IsBottleneck(int stage) => IsSecond || stage >= 2;

        public int Inner(int stage) => Width << stage;

        public int ChannelsOf(int stage) => Inner(stage) * (IsBottleneck(stage) ? 4 : 1);
    }
}
