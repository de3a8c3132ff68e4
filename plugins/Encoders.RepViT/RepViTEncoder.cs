using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.RepViT;

/// <summary>RepViT as timm builds it, with the branches that it is trained with: a mobile network in a transformer's order.</summary>
/// <remarks>Wang et al. 2023, arXiv:2307.09283.</remarks>
[Encoder("tu-repvit_m0_9")]
[Encoder("tu-repvit_m1")]
[Encoder("tu-repvit_m1_0")]
[Encoder("tu-repvit_m1_1")]
[Encoder("tu-repvit_m1_5")]
[Encoder("tu-repvit_m2")]
[Encoder("tu-repvit_m2_3")]
[Encoder("tu-repvit_m3")]
public sealed class RepViTEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private static TimmFeatures Features(EncoderOptions options) => new(4, RepViTVariant.Named(options.Name).Channels) { Dilates = false };

    // Keys: stem, then stages_0 ….
    private static FeatureList Model(EncoderOptions options)
    {
        var variant = RepViTVariant.Named(options.Name);
        var channels = variant.Channels[0];
        var model = new FeatureList().Add("stem", Sequential(("conv1", Layers.ConvNorm(options.InChannels, channels / 2, 3, 2)), ("act1", GELU()), ("conv2", Layers.ConvNorm(channels / 2, channels, 3, 2))), isMap: false);
        foreach (var index in Enumerable.Range(0, Features(options).Used(options)))
        {
            model.Add($"stages_{index}", new Stage(variant, index));
        }

        return model;
    }

    /// <summary>Keys: downsample, blocks.</summary>
    private sealed class Stage : Module<Tensor, Tensor>
    {
        private readonly Downsampling? downsample;
        private readonly Sequential blocks;

        public Stage(RepViTVariant variant, int index) : base(nameof(Stage))
        {
            var channels = variant.Channels[index];
            downsample = index > 0 ? new Downsampling(variant.Channels[index - 1], channels, variant.IsFirst) : null;
            blocks = Sequential(Enumerable.Range(0, variant.Depths[index]).Select(i => new RepViTBlock(channels, squeezes: i % 2 == 0, variant.IsFirst)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return blocks.forward(downsample?.forward(input) ?? input).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>A RepViT by its numbers.</summary>
/// <param name="Channels">Of each stage.</param>
/// <param name="Depths">Blocks of each stage.</param>
/// <remarks>Wang et al. 2023, arXiv:2307.09283, section 4.</remarks>
internal sealed record RepViTVariant(IReadOnlyList<int> Channels, IReadOnlyList<int> Depths)
{
    private static readonly int[] s_small = [48, 96, 192, 384];
    private static readonly int[] s_large = [64, 128, 256, 512];

    /// <summary>The paper's first form: the small kernel is normalised, and not the sum.</summary>
    public bool IsFirst { get; init; }

    /// <summary>The variant of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">None has that name.</exception>
    public static RepViTVariant Named(string encoder) => encoder["tu-repvit_".Length..] switch
    {
        "m1" => new(s_small, [2, 2, 14, 2]) { IsFirst = true },
        "m2" => new(s_large, [2, 2, 12, 2]) { IsFirst = true },
        "m3" => new(s_large, [4, 4, 18, 2]) { IsFirst = true },
        "m0_9" => new(s_small, [2, 2, 14, 2]),
        "m1_0" => new([56, 112, 224, 448], [2, 2, 14, 2]),
        "m1_1" => new(s_large, [2, 2, 12, 2]),
        "m1_5" => new(s_large, [4, 4, 24, 4]),
        "m2_3" => new([80, 160, 320, 640], [6, 6, 34, 2]),
        var name => throw new ConfigurationException($"encoder 'tu-repvit_{name}' is no RepViT that is known here."),
    };
}
