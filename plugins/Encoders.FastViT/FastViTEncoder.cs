using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.FastViT;

/// <summary>FastViT and the image encoders of MobileCLIP as timm builds them, with the branches that they are trained with.</summary>
/// <remarks>Vasu et al. 2023, arXiv:2303.14189; MobileCLIP: Vasu et al. 2023, arXiv:2311.17049.</remarks>
[Encoder("tu-fastvit_ma36")]
[Encoder("tu-fastvit_mci0")]
[Encoder("tu-fastvit_mci1")]
[Encoder("tu-fastvit_mci2")]
[Encoder("tu-fastvit_s12")]
[Encoder("tu-fastvit_sa12")]
[Encoder("tu-fastvit_sa24")]
[Encoder("tu-fastvit_sa36")]
[Encoder("tu-fastvit_t12")]
[Encoder("tu-fastvit_t8")]
public sealed class FastViTEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private static TimmFeatures Features(EncoderOptions options) => new(4, FastViTVariant.Named(options.Name).Channels) { Dilates = false };

    // Keys: stem_0, stem_1, stem_2, then stages_0 ….
    private static FeatureList Model(EncoderOptions options)
    {
        var variant = FastViTVariant.Named(options.Name);
        var channels = variant.Channels[0];
        var model = new FeatureList()
            .Add("stem_0", new BranchedConvolution(options.InChannels, channels, 3, stride: 2), isMap: false)
            .Add("stem_1", new BranchedConvolution(channels, channels, 3, stride: 2, groups: channels), isMap: false)
            .Add("stem_2", new BranchedConvolution(channels, channels, 1), isMap: false);
        foreach (var index in Enumerable.Range(0, Features(options).Used(options)))
        {
            model.Add($"stages_{index}", new FastViTStage(variant, index));
        }

        Initialization.Transformer(model);
        return model;
    }
}

/// <summary>Blocks at one resolution. Keys: downsample, pos_emb, blocks.</summary>
internal sealed class FastViTStage : Module<Tensor, Tensor>
{
    private readonly Downsampling? downsample;
    private readonly PositionConvolution? pos_emb;
    private readonly Sequential blocks;

    public FastViTStage(FastViTVariant variant, int stage) : base(nameof(FastViTStage))
    {
        var (channels, attends) = (variant.Channels[stage], variant.Attends && stage == 3);
        downsample = stage > 0 ? new Downsampling(variant.Channels[stage - 1], channels, variant.IsClip, squeezes: variant.IsClip && stage >= 2) : null;
        pos_emb = attends ? new PositionConvolution(channels) : null;
        blocks = Sequential(Enumerable.Range(0, variant.Depths[stage]).Select<int, Module<Tensor, Tensor>>(_ => attends ? new AttentionBlock(channels, variant.Expansion) : new MixerBlock(channels, variant.Expansion)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = downsample?.forward(input) ?? input;
        return blocks.forward(pos_emb?.forward(x) ?? x).MoveToOuterDisposeScope();
    }
}
