using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.InceptionNeXt;

/// <summary>InceptionNeXt as timm builds it: ConvNeXt with a square kernel, two bands and none, each for a share of the channels.</summary>
/// <remarks>Yu et al. 2023, arXiv:2303.16900. Where timm dilates it, maps lose a pixel for each stage, so that they fit no decoder; it is refused here.</remarks>
[Encoder("tu-inception_next_base")]
[Encoder("tu-inception_next_small")]
[Encoder("tu-inception_next_tiny")]
public sealed class InceptionNeXtEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private static TimmFeatures Features(EncoderOptions options) => new(4, Sizes(options.Name).Channels) { Dilates = false };

    private static (int[] Channels, int[] Depths) Sizes(string encoder) => encoder["tu-inception_next_".Length..] switch
    {
        "tiny" => ([96, 192, 384, 768], [3, 3, 9, 3]),
        "small" => ([96, 192, 384, 768], [3, 3, 27, 3]),
        "base" => ([128, 256, 512, 1024], [3, 3, 27, 3]),
        var name => throw new ConfigurationException($"encoder 'tu-inception_next_{name}' is no InceptionNeXt that is known here."),
    };

    // Keys: stem_0, stem_1, then stages_0 ….
    private static FeatureList Model(EncoderOptions options)
    {
        var (channels, depths) = Sizes(options.Name);
        var model = new FeatureList().Add("stem_0", Conv2d(options.InChannels, channels[0], 4, stride: 4), isMap: false).Add("stem_1", BatchNorm2d(channels[0]), isMap: false);
        foreach (var index in Enumerable.Range(0, Features(options).Used(options)))
        {
            model.Add($"stages_{index}", new Stage(index == 0 ? 0 : channels[index - 1], channels[index], depths[index], expansion: index == 3 ? 3 : 4));
        }

        Initialization.TruncatedNormal(model);
        return model;
    }

    /// <summary>Keys: downsample (0, 1), blocks.</summary>
    private sealed class Stage : Module<Tensor, Tensor>
    {
        private readonly Sequential? downsample;
        private readonly Sequential blocks;

        public Stage(int before, int channels, int depth, int expansion) : base(nameof(Stage))
        {
            downsample = before > 0 ? Sequential(BatchNorm2d(before), Conv2d(before, channels, 2, stride: 2)) : null;
            blocks = Sequential(Enumerable.Range(0, depth).Select(_ => new Block(channels, expansion)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return blocks.forward(downsample?.forward(input) ?? input).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Keys: gamma, token_mixer, norm, mlp.</summary>
    private sealed class Block : Module<Tensor, Tensor>
    {
        private const double FirstScale = 1e-6;

        private readonly Parameter gamma;
        private readonly BandedConvolution token_mixer;
        private readonly BatchNorm2d norm;
        private readonly ConvMlp mlp;

        public Block(int channels, int expansion) : base(nameof(Block))
        {
            gamma = new Parameter(full(channels, FirstScale));
            token_mixer = new BandedConvolution(channels);
            norm = BatchNorm2d(channels);
            mlp = new ConvMlp(channels, expansion * channels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return ((mlp.forward(norm.forward(token_mixer.forward(input))) * gamma.view(-1, 1, 1)) + input).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Keys: dwconv_hw, dwconv_w, dwconv_h.</summary>
    private sealed class BandedConvolution : Module<Tensor, Tensor>
    {
        private const int Share = 8, Square = 3, Band = 11;

        private readonly Conv2d dwconv_hw, dwconv_w, dwconv_h;
        private readonly int _part;

        public BandedConvolution(int channels) : base(nameof(BandedConvolution))
        {
            _part = channels / Share;
            dwconv_hw = Conv2d(_part, _part, Square, padding: Square / 2, groups: _part);
            dwconv_w = Conv2d(_part, _part, (1, Band), padding: (0, Band / 2), groups: _part);
            dwconv_h = Conv2d(_part, _part, (Band, 1), padding: (Band / 2, 0), groups: _part);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var kept = input.shape[1] - (3 * _part);
            Tensor Part(int index) => input.narrow(1, kept + (index * _part), _part);
            return cat([input.narrow(1, 0, kept), dwconv_hw.forward(Part(0)), dwconv_w.forward(Part(1)), dwconv_h.forward(Part(2))], 1).MoveToOuterDisposeScope();
        }
    }
}
