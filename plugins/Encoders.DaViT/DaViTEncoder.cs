using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.DaViT;

/// <summary>DaViT, and Florence-2's form of it (fl), as timm builds them: attention within windows, then among channels.</summary>
/// <remarks>Ding et al. 2022, arXiv:2204.03645.</remarks>
[Encoder("tu-davit_base")]
[Encoder("tu-davit_base_fl")]
[Encoder("tu-davit_giant")]
[Encoder("tu-davit_huge")]
[Encoder("tu-davit_huge_fl")]
[Encoder("tu-davit_large")]
[Encoder("tu-davit_small")]
[Encoder("tu-davit_tiny")]
public sealed class DaViTEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private static TimmFeatures Features(EncoderOptions options) => new(4, [.. Enumerable.Range(0, 4).Select(DaViTVariant.Named(options.Name).ChannelsOf)]) { Dilates = false };

    // Keys: stem (conv, norm), then stages_0 ….
    private static FeatureList Model(EncoderOptions options)
    {
        var variant = DaViTVariant.Named(options.Name);
        var stem = Sequential(("conv", Conv2d(options.InChannels, variant.Channels, 7, stride: 4, padding: 3)), ("norm", new LayerNorm2d(variant.Channels, DaViTVariant.Eps)));
        var model = new FeatureList().Add("stem", stem, isMap: false);
        foreach (var index in Enumerable.Range(0, Features(options).Used(options)))
        {
            model.Add($"stages_{index}", new Stage(variant, index));
        }

        Initialization.Transformer(model);
        return model;
    }

    /// <summary>Keys: downsample (norm, conv), blocks (0 and 1, or spatial_block and channel_block).</summary>
    private sealed class Stage : Module<Tensor, Tensor>
    {
        private readonly Sequential? downsample;
        private readonly Sequential blocks;

        public Stage(DaViTVariant variant, int index) : base(nameof(Stage))
        {
            var (channels, heads, kernel) = (variant.ChannelsOf(index), variant.Heads << index, variant.IsFlorence ? 3 : 2);
            downsample = index == 0 ? null : Sequential(("norm", new LayerNorm2d(channels / 2, DaViTVariant.Eps)), ("conv", Conv2d(channels / 2, channels, kernel, stride: 2, padding: variant.IsFlorence ? 1 : 0)));
            blocks = Sequential(Enumerable.Range(0, variant.Depths[index]).Select(_ =>
            {
                var spatial = new DualBlock(channels, new WindowAttention(channels, heads, variant.IsFlorence ? 12 : 7));
                var channel = new DualBlock(channels, new ChannelAttention(channels, heads, variant.IsFlorence));
                return variant.IsFlorence ? Sequential(("spatial_block", spatial), ("channel_block", channel)) : Sequential(spatial, channel);
            }));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return blocks.forward(downsample?.forward(input) ?? input).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>A DaViT by its numbers.</summary>
/// <param name="Depths">Pairs of blocks of each stage.</param>
/// <param name="Channels">Of the first stage; each further one has twice as many.</param>
/// <param name="Heads">Of the first stage; each further one has twice as many.</param>
/// <remarks>Ding et al. 2022, arXiv:2204.03645, table 1.</remarks>
internal sealed record DaViTVariant(IReadOnlyList<int> Depths, int Channels, int Heads)
{
    /// <summary>Added to variances.</summary>
    public const double Eps = 1e-5;

    private static readonly int[] s_depths = [1, 1, 9, 1];

    /// <summary>Florence-2's: windows of 12, kernels of 3 where a stage halves, and other scores among channels.</summary>
    public bool IsFlorence { get; init; }

    /// <summary>The variant of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">None has that name.</exception>
    public static DaViTVariant Named(string encoder) => encoder["tu-davit_".Length..] switch
    {
        "tiny" => new([1, 1, 3, 1], 96, 3),
        "small" => new(s_depths, 96, 3),
        "base" => new(s_depths, 128, 4),
        "large" => new(s_depths, 192, 6),
        "huge" => new(s_depths, 256, 8),
        "giant" => new([1, 1, 12, 3], 384, 12),
        "base_fl" => new(s_depths, 128, 4) { IsFlorence = true },
        "huge_fl" => new(s_depths, 256, 8) { IsFlorence = true },
        var name => throw new ConfigurationException($"encoder 'tu-davit_{name}' is no DaViT that is known here."),
    };

    /// <summary>Channels of a stage.</summary>
    public int ChannelsOf(int stage) => Channels << stage;
}
