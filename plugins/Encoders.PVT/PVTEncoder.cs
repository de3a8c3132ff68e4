using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.PVT;

/// <summary>Pyramid vision transformers of the second version, as timm builds them: SegFormer's encoders are of their kind.</summary>
[Encoder("tu-pvt_v2_b0")]
[Encoder("tu-pvt_v2_b1")]
[Encoder("tu-pvt_v2_b2")]
[Encoder("tu-pvt_v2_b2_li")]
[Encoder("tu-pvt_v2_b3")]
[Encoder("tu-pvt_v2_b4")]
[Encoder("tu-pvt_v2_b5")]
public sealed class PVTEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private static TimmFeatures Features(EncoderOptions options) => new(4, PVTVariant.Named(options.Name).Channels) { Dilates = false };

    // Keys: patch_embed, then stages_0 ….
    private static FeatureList Model(EncoderOptions options)
    {
        var variant = PVTVariant.Named(options.Name);
        var model = new FeatureList().Add("patch_embed", new PatchEmbedding(options.InChannels, variant.Channels[0], kernel: 7, stride: 4), isMap: false);
        foreach (var index in Enumerable.Range(0, Features(options).Used(options)))
        {
            model.Add($"stages_{index}", new Stage(variant, index));
        }

        Initialization.Transformer(model);
        Initialization.Convolutions(model, perGroup: true);
        return model;
    }

    /// <summary>Keys: downsample, blocks, norm.</summary>
    private sealed class Stage : Module<Tensor, Tensor>
    {
        private readonly PatchEmbedding? downsample;
        private readonly Sequential blocks;
        private readonly LayerNorm2d norm;

        public Stage(PVTVariant variant, int index) : base(nameof(Stage))
        {
            downsample = index > 0 ? new PatchEmbedding(variant.Channels[index - 1], variant.Channels[index], kernel: 3, stride: 2) : null;
            blocks = Sequential(Enumerable.Range(0, variant.Depths[index]).Select(_ => new PVTBlock(variant, index)));
            norm = new LayerNorm2d(variant.Channels[index]);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return norm.forward(blocks.forward(downsample?.forward(input) ?? input)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>A strided convolution, then a normalisation of each pixel. Keys: proj, norm.</summary>
    private sealed class PatchEmbedding : Module<Tensor, Tensor>
    {
        private readonly Conv2d proj;
        private readonly LayerNorm2d norm;

        public PatchEmbedding(int inChannels, int outChannels, int kernel, int stride) : base(nameof(PatchEmbedding))
        {
            proj = Conv2d(inChannels, outChannels, kernel, stride: stride, padding: kernel / 2);
            norm = new LayerNorm2d(outChannels, 1e-5);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return norm.forward(proj.forward(input)).MoveToOuterDisposeScope();
        }
    }
}
