using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MetaFormer;

/// <summary>PoolFormer, PoolFormerV2, ConvFormer and CAFormer, as timm builds them.</summary>
[Encoder("tu-poolformer_s12")]
[Encoder("tu-poolformer_s24")]
[Encoder("tu-poolformer_s36")]
[Encoder("tu-poolformer_m36")]
[Encoder("tu-poolformer_m48")]
[Encoder("tu-poolformerv2_s12")]
[Encoder("tu-poolformerv2_s24")]
[Encoder("tu-poolformerv2_s36")]
[Encoder("tu-poolformerv2_m36")]
[Encoder("tu-poolformerv2_m48")]
[Encoder("tu-convformer_s18")]
[Encoder("tu-convformer_s36")]
[Encoder("tu-convformer_m36")]
[Encoder("tu-convformer_b36")]
[Encoder("tu-caformer_s18")]
[Encoder("tu-caformer_s36")]
[Encoder("tu-caformer_m36")]
[Encoder("tu-caformer_b36")]
public sealed class MetaFormerEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private static TimmFeatures Features(EncoderOptions options) => new(4, MetaFormerDesign.Named(options.Name).Channels) { Dilates = false };

    // Keys: stem (conv, norm), then stages_0 ….
    private static FeatureList Model(EncoderOptions options)
    {
        var design = MetaFormerDesign.Named(options.Name);
        var model = new FeatureList().Add("stem", new Stem(design, options.InChannels), isMap: false);
        foreach (var index in Enumerable.Range(0, Features(options).Used(options)))
        {
            model.Add($"stages_{index}", new Stage(design, index));
        }

        Initialization.TruncatedNormal(model);
        return model;
    }

    private sealed class Stem : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv;
        private readonly BareNorm? norm;

        public Stem(MetaFormerDesign design, int inChannels) : base(nameof(Stem))
        {
            conv = Conv2d(inChannels, design.Channels[0], 7, stride: 4, padding: 2);
            norm = design.IsFirst ? null : new BareNorm(design.Channels[0], whole: false, tokens: false);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = conv.forward(input);
            return (norm?.forward(x) ?? x).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Keys: downsample, blocks.</summary>
    private sealed class Stage : Module<Tensor, Tensor>
    {
        private readonly Step? downsample;
        private readonly Sequential blocks;
        private readonly bool _tokens;

        public Stage(MetaFormerDesign design, int index) : base(nameof(Stage))
        {
            downsample = index > 0 ? new Step(design, index) : null;
            blocks = Sequential(Enumerable.Range(0, design.Depths[index]).Select(_ => new MetaFormerBlock(design, index)));
            _tokens = design.Mixers[index] is Mixer.Attention;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = downsample?.forward(input) ?? input;
            if (_tokens)
            {
                var shape = x.shape;
                x = blocks.forward(x.flatten(2).transpose(1, 2)).transpose(1, 2).reshape(shape);
            }
            else
            {
                x = blocks.forward(x);
            }

            return x.MoveToOuterDisposeScope();
        }
    }

    /// <summary>Halves the size. Keys: norm, conv.</summary>
    private sealed class Step : Module<Tensor, Tensor>
    {
        private readonly BareNorm? norm;
        private readonly Conv2d conv;

        public Step(MetaFormerDesign design, int stage) : base(nameof(Step))
        {
            norm = design.IsFirst ? null : new BareNorm(design.Channels[stage - 1], whole: false, tokens: false);
            conv = Conv2d(design.Channels[stage - 1], design.Channels[stage], 3, stride: 2, padding: 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return conv.forward(norm?.forward(input) ?? input).MoveToOuterDisposeScope();
        }
    }
}
