using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.TinyViT;

/// <summary>TinyViT as timm builds it: inverted bottlenecks, then attention within windows with a depthwise convolution behind.</summary>
/// <remarks>Wu et al. 2022, arXiv:2207.10666.</remarks>
[Encoder("tu-tiny_vit_11m_224")]
[Encoder("tu-tiny_vit_21m_224")]
[Encoder("tu-tiny_vit_21m_384")]
[Encoder("tu-tiny_vit_21m_512")]
[Encoder("tu-tiny_vit_5m_224")]
public sealed class TinyViTEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private static readonly int[] s_depths = [2, 2, 6, 2];

    private static TimmFeatures Features(EncoderOptions options) => new(4, Numbers(options.Name).Channels) { Dilates = false };

    private static (int[] Channels, int Window, double DropPath) Numbers(string encoder) => encoder["tu-tiny_vit_".Length..] switch
    {
        "5m_224" => ([64, 128, 160, 320], 7, 0.0),
        "11m_224" => ([64, 128, 256, 448], 7, 0.1),
        "21m_224" => ([96, 192, 384, 576], 7, 0.2),
        "21m_384" => ([96, 192, 384, 576], 12, 0.1),
        "21m_512" => ([96, 192, 384, 576], 16, 0.1),
        var name => throw new ConfigurationException($"encoder 'tu-tiny_vit_{name}' is no TinyViT that is known here."),
    };

    // Keys: patch_embed (conv1, conv2), then stages_0 ….
    private static FeatureList Model(EncoderOptions options)
    {
        var (channels, window, dropPath) = Numbers(options.Name);
        var rates = Blocks.DropPathRates(dropPath, s_depths);
        var embedding = Sequential(("conv1", new ConvNormAct(options.InChannels, channels[0] / 2, 3, 2)), ("act", GELU()), ("conv2", new ConvNormAct(channels[0] / 2, channels[0], 3, 2)));
        var model = new FeatureList().Add("patch_embed", embedding, isMap: false);
        foreach (var stage in Enumerable.Range(0, Features(options).Used(options)))
        {
            model.Add($"stages_{stage}", stage == 0
                ? Sequential(("blocks", Sequential(rates[0].Select(rate => new ConvolutionBlock(channels[0], rate)))))
                : new AttentionStage(channels[stage - 1], channels[stage], stage == 2 ? 2 * window : window, rates[stage]));
        }

        Initialization.Transformer(model);
        return model;
    }

    /// <summary>Keys: downsample (conv1, conv2, conv3), blocks.</summary>
    private sealed class AttentionStage : Module<Tensor, Tensor>
    {
        private readonly Sequential downsample, blocks;

        public AttentionStage(int inChannels, int outChannels, int window, IReadOnlyList<double> dropPath) : base(nameof(AttentionStage))
        {
            downsample = Sequential(
                ("conv1", new ConvNormAct(inChannels, outChannels, 1)), ("act1", GELU()),
                ("conv2", new ConvNormAct(outChannels, outChannels, 3, 2, outChannels)), ("act2", GELU()),
                ("conv3", new ConvNormAct(outChannels, outChannels, 1)));
            blocks = Sequential(dropPath.Select(rate => new AttentionBlock(outChannels, window, rate)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return blocks.forward(downsample.forward(input).permute(0, 2, 3, 1)).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
        }
    }
}
