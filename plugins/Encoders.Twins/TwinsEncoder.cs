using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Twins;

/// <summary>Twins-PCPVT and Twins-SVT as timm builds them: attention to a reduced map, in SVT in turn with attention within windows. All stages exist at any depth.</summary>
/// <remarks>Chu et al. 2021, arXiv:2104.13840.</remarks>
[Encoder("tu-twins_pcpvt_base")]
[Encoder("tu-twins_pcpvt_large")]
[Encoder("tu-twins_pcpvt_small")]
[Encoder("tu-twins_svt_base")]
[Encoder("tu-twins_svt_large")]
[Encoder("tu-twins_svt_small")]
public sealed class TwinsEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), new FeatureGetter(new Model(options)))
{
    private static TimmFeatures Features(EncoderOptions options) => new(4, TwinsVariant.Named(options.Name).Channels) { Dilates = false };

    /// <summary>Keys: patch_embeds, blocks, pos_block.</summary>
    private sealed class Model : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly ModuleList<PatchEmbedding> patch_embeds;
        private readonly ModuleList<Sequential> blocks;
        private readonly ModuleList<PositionConvolution> pos_block;
        private readonly int _used;

        public Model(EncoderOptions options) : base("model")
        {
            var variant = TwinsVariant.Named(options.Name);
            var channels = variant.Channels;
            _used = Features(options).Used(options);
            patch_embeds = ModuleList([.. channels.Select((width, i) => new PatchEmbedding(i == 0 ? options.InChannels : channels[i - 1], width, i == 0 ? 4 : 2))]);
            blocks = ModuleList([.. channels.Select((_, stage) => Sequential(Enumerable.Range(0, variant.Depths[stage]).Select(i => new TwinsBlock(variant, stage, windows: variant.HasWindows && i % 2 == 0))))]);
            pos_block = ModuleList([.. channels.Select(width => new PositionConvolution(width))]);
            RegisterComponents();
            Initialization.Transformer(this);
            Initialization.Convolutions(this, perGroup: true);
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var (maps, x) = (new List<Tensor>(), input);
            for (var stage = 0; stage < _used; stage++)
            {
                x = patch_embeds[stage].forward(x);                 // (N, H, W, C)
                for (var i = 0; i < blocks[stage].Count; i++)
                {
                    x = blocks[stage][i].call(x);
                    x = i == 0 ? pos_block[stage].forward(x) : x;
                }

                x = x.permute(0, 3, 1, 2);
                maps.Add(x);
            }

            return maps.MoveToOuterDisposeScope();
        }
    }

    /// <summary>Keys: proj, norm.</summary>
    private sealed class PatchEmbedding : Module<Tensor, Tensor>
    {
        private readonly Conv2d proj;
        private readonly LayerNorm norm;

        public PatchEmbedding(int inChannels, int outChannels, int side) : base(nameof(PatchEmbedding))
        {
            proj = Conv2d(inChannels, outChannels, side, stride: side);
            norm = LayerNorm(outChannels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return norm.forward(proj.forward(input).permute(0, 2, 3, 1)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Where pixels are, told by what a depthwise convolution sees around them. Key: proj (0).</summary>
    private sealed class PositionConvolution : Module<Tensor, Tensor>
    {
        private readonly Sequential proj;

        public PositionConvolution(int channels) : base(nameof(PositionConvolution))
        {
            proj = Sequential(Conv2d(channels, channels, 3, padding: 1, groups: channels));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return (proj.forward(input.permute(0, 3, 1, 2)).permute(0, 2, 3, 1) + input).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>A Twins by its numbers.</summary>
/// <param name="Depths">Blocks of each stage.</param>
/// <param name="Channels">Of each stage.</param>
/// <param name="Heads">Of each stage.</param>
/// <param name="Expansions">Of each stage's feed-forward networks.</param>
/// <param name="HasWindows">Whether every second block attends within windows (SVT).</param>
/// <remarks>Chu et al. 2021, arXiv:2104.13840, tables 1 and 2.</remarks>
internal sealed record TwinsVariant(IReadOnlyList<int> Depths, IReadOnlyList<int> Channels, IReadOnlyList<int> Heads, IReadOnlyList<int> Expansions, bool HasWindows)
{
    /// <summary>Sides of what attention sees as one pixel.</summary>
    public static IReadOnlyList<int> Reductions { get; } = [8, 4, 2, 1];

    /// <summary>The variant of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">None has that name.</exception>
    public static TwinsVariant Named(string encoder) => encoder["tu-twins_".Length..] switch
    {
        "pcpvt_small" => Pyramid(3, 4, 6, 3),
        "pcpvt_base" => Pyramid(3, 4, 18, 3),
        "pcpvt_large" => Pyramid(3, 8, 27, 3),
        "svt_small" => Separable(64, 2, [2, 2, 10, 4]),
        "svt_base" => Separable(96, 3, [2, 2, 18, 2]),
        "svt_large" => Separable(128, 4, [2, 2, 18, 2]),
        var name => throw new ConfigurationException($"encoder 'tu-twins_{name}' is no Twins that is known here."),
    };

    private static TwinsVariant Pyramid(params int[] depths) => new(depths, [64, 128, 320, 512], [1, 2, 5, 8], [8, 8, 4, 4], HasWindows: false);

    private static TwinsVariant Separable(int channels, int heads, int[] depths) =>
        new(depths, [channels, 2 * channels, 4 * channels, 8 * channels], [heads, 2 * heads, 4 * heads, 8 * heads], [4, 4, 4, 4], HasWindows: true);
}
