using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ConvNeXt;

/// <summary>Blocks at one resolution, of (N, C, H, W), after the step to it. Keys: downsample, blocks.</summary>
internal sealed class ConvNeXtStage : Module<Tensor, Tensor>
{
    private readonly Sequential? downsample;
    private readonly Sequential blocks;

    /// <param name="variant">What it is built of.</param>
    /// <param name="stage">Which, from 0.</param>
    /// <param name="stride">1, or 2.</param>
    /// <param name="dilation">Of the blocks: 1, or what strides have been traded for so far.</param>
    public ConvNeXtStage(ConvNeXtVariant variant, int stage, int stride, int dilation) : base(nameof(ConvNeXtStage))
    {
        var channels = variant.Channels[stage];
        downsample = stage == 0 ? null : Sequential(new ChannelNorm(variant.Channels[stage - 1], variant), Step(variant.Channels[stage - 1], channels, stride, dilation));
        blocks = Sequential(Enumerable.Range(0, variant.Depths[stage]).Select(_ => new ConvNeXtBlock(variant, channels, variant.Kernels[stage], dilation)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return blocks.forward(downsample?.forward(input) ?? input).MoveToOuterDisposeScope();
    }

    // Two pixels side by side in every case; where no stride parts them, the map is filled up to keep its size.
    private static Module<Tensor, Tensor> Step(int inChannels, int outChannels, int stride, int dilation) => dilation switch
    {
        1 => Conv2d(inChannels, outChannels, 2, stride: stride),
        2 => new SameConv2d(inChannels, outChannels, 2, hasBias: true),
        _ => Conv2d(inChannels, outChannels, 2, padding: 1, dilation: 2),
    };
}

/// <summary>A depthwise convolution, then two layers over each pixel's channels. Keys: gamma, conv_dw, norm, mlp.</summary>
internal sealed class ConvNeXtBlock : Module<Tensor, Tensor>
{
    private const double LayerScale = 1e-6;

    private readonly Parameter? gamma;
    private readonly Conv2d conv_dw;
    private readonly ChannelNorm norm;
    private readonly ChannelMlp mlp;

    public ConvNeXtBlock(ConvNeXtVariant variant, int channels, int kernel, int dilation) : base(nameof(ConvNeXtBlock))
    {
        gamma = variant.ResponseNorm ? null : new Parameter(full(channels, LayerScale));
        conv_dw = Conv2d(channels, channels, kernel, padding: kernel / 2 * dilation, dilation: dilation, groups: channels);
        norm = new ChannelNorm(channels, variant);
        mlp = new ChannelMlp(channels, variant);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = mlp.forward(norm.forward(conv_dw.forward(input)));
        return ((gamma is null ? x : x * gamma.view(-1, 1, 1)) + input).MoveToOuterDisposeScope();
    }
}
