using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.RepViT;

/// <summary>Parts that blocks share.</summary>
internal static class Layers
{
    private const int Expansion = 2;

    /// <summary>A convolution and its normalisation. Keys: c, bn.</summary>
    public static Sequential ConvNorm(int inChannels, int outChannels, int kernel, int stride = 1, int groups = 1) =>
        Sequential(("c", Conv2d(inChannels, outChannels, kernel, stride: stride, padding: (kernel - 1) / 2, groups: groups, bias: false)), ("bn", BatchNorm2d(outChannels)));

    /// <summary>Two pointwise convolutions, the second of which begins as nothing. Keys: conv1, conv2.</summary>
    public static Sequential Mlp(int channels)
    {
        var last = ConvNorm(Expansion * channels, channels, 1);
        init.zeros_(last.get_parameter("bn.weight")!);
        return Sequential(("conv1", ConvNorm(channels, Expansion * channels, 1)), ("act", GELU()), ("conv2", last));
    }
}

/// <summary>Depthwise convolutions mix pixels, then a network mixes channels. Keys: token_mixer, se, channel_mixer.</summary>
internal sealed class RepViTBlock : Module<Tensor, Tensor>
{
    private readonly BranchedMixer token_mixer;
    private readonly SqueezeExcite? se;
    private readonly Sequential channel_mixer;

    public RepViTBlock(int channels, bool squeezes, bool isFirst) : base(nameof(RepViTBlock))
    {
        token_mixer = new BranchedMixer(channels, isFirst);
        se = squeezes ? new SqueezeExcite(channels, Blocks.MakeDivisible(channels / 4.0, roundLimit: 0)) : null;
        channel_mixer = Layers.Mlp(channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = token_mixer.forward(input);
        x = se?.forward(x) ?? x;
        return (x + channel_mixer.forward(x)).MoveToOuterDisposeScope();
    }

    /// <summary>The sum of a depthwise convolution of 3×3, one of 1×1, and the input. Keys: conv, conv1, bn.</summary>
    private sealed class BranchedMixer : Module<Tensor, Tensor>
    {
        private readonly Sequential conv;
        private readonly Module<Tensor, Tensor> conv1;
        private readonly BatchNorm2d? bn;

        public BranchedMixer(int channels, bool isFirst) : base(nameof(BranchedMixer))
        {
            conv = Layers.ConvNorm(channels, channels, 3, groups: channels);
            conv1 = isFirst ? Layers.ConvNorm(channels, channels, 1, groups: channels) : Conv2d(channels, channels, 1, groups: channels);
            bn = isFirst ? null : BatchNorm2d(channels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = conv.forward(input) + conv1.forward(input) + input;
            return (bn?.forward(x) ?? x).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>Halves a map. Keys: pre_block, spatial_downsample, channel_downsample, ffn.</summary>
internal sealed class Downsampling : Module<Tensor, Tensor>
{
    private readonly RepViTBlock pre_block;
    private readonly Sequential spatial_downsample, channel_downsample, ffn;

    public Downsampling(int inChannels, int outChannels, bool isFirst) : base(nameof(Downsampling))
    {
        pre_block = new RepViTBlock(inChannels, squeezes: false, isFirst);
        spatial_downsample = Layers.ConvNorm(inChannels, inChannels, 3, 2, inChannels);
        channel_downsample = Layers.ConvNorm(inChannels, outChannels, 1);
        ffn = Layers.Mlp(outChannels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = channel_downsample.forward(spatial_downsample.forward(pre_block.forward(input)));
        return (x + ffn.forward(x)).MoveToOuterDisposeScope();
    }
}
