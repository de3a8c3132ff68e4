using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.EfficientFormer;

/// <summary>What timm's constructor takes, and SMP passes on.</summary>
public sealed record EfficientFormerV2Options : EncoderOptions
{
    /// <summary>Side of the images, or height and width; null for 224.</summary>
    public JsonNode? ImgSize { get; init; }
}

/// <summary>EfficientFormerV2 as timm builds it: depthwise convolutions within feed-forward networks, and attention among all pixels in the last two stages.</summary>
/// <remarks>Li et al. 2022, arXiv:2212.08059.</remarks>
[Encoder("tu-efficientformerv2_l")]
[Encoder("tu-efficientformerv2_s0")]
[Encoder("tu-efficientformerv2_s1")]
[Encoder("tu-efficientformerv2_s2")]
public sealed class EfficientFormerV2Encoder(EfficientFormerV2Options options) : TimmEncoder(options, Features(options), Model(options))
{
    private const int Nominal = 224, Smallest = 32;

    private readonly Frame _size = Size(options);

    /// <inheritdoc/>
    public override Frame? OnlySize => _size;

    private static TimmFeatures Features(EncoderOptions options) => new(4, EfficientFormerV2Variant.Named(options.Name).Channels) { Dilates = false };

    private static Frame Size(EfficientFormerV2Options options) => ImageSize.Of(options.Name, options.ImgSize, Nominal, Smallest);

    // Keys: stem (conv1, conv2), then stages_0 ….
    private static FeatureList Model(EfficientFormerV2Options options)
    {
        var (variant, size) = (EfficientFormerV2Variant.Named(options.Name), Size(options));
        var channels = variant.Channels;
        var rates = Blocks.DropPathRates(variant.DropPath, variant.Depths);
        var model = new FeatureList()
            .Add("stem_conv1", Layer.Active(options.InChannels, channels[0] / 2, 3, 2), isMap: false)
            .Add("stem_conv2", Layer.Active(channels[0] / 2, channels[0], 3, 2), isMap: false);
        foreach (var stage in Enumerable.Range(0, Features(options).Used(options)))
        {
            model.Add($"stages_{stage}", new Stage(variant, stage, new Frame(size.Height >> (stage + 2), size.Width >> (stage + 2)), rates[stage]));
        }

        return model;
    }

    /// <summary>Keys: downsample, blocks.</summary>
    private sealed class Stage : Module<Tensor, Tensor>
    {
        private readonly Downsampling? downsample;
        private readonly Sequential blocks;

        public Stage(EfficientFormerV2Variant variant, int stage, Frame map, IReadOnlyList<double> dropPath) : base(nameof(Stage))
        {
            var channels = variant.Channels[stage];
            downsample = stage == 0 ? null : new Downsampling(variant.Channels[stage - 1], channels, stage == 3 ? new Frame(2 * map.Height, 2 * map.Width) : null);
            blocks = Sequential(dropPath.Select((rate, i) => new EfficientFormerV2Block(
                channels, variant.Expansion(stage, i), stage >= 2 && i >= dropPath.Count - variant.Attentive ? map : null, reduces: stage == 2, rate)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return blocks.forward(downsample?.forward(input) ?? input).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>A network by its numbers.</summary>
/// <param name="Channels">Of each stage.</param>
/// <param name="Depths">Blocks of each stage.</param>
/// <param name="Narrow">How many of the third and the fourth stage's blocks, after those that come first, expand to 3 instead of 4.</param>
/// <param name="Wide">How many come first.</param>
/// <param name="Attentive">Last blocks of the third and the fourth stage, which attend.</param>
/// <remarks>Li et al. 2022, arXiv:2212.08059, table 6, as timm has it.</remarks>
internal sealed record EfficientFormerV2Variant(IReadOnlyList<int> Channels, IReadOnlyList<int> Depths, (int Third, int Fourth) Narrow, (int Third, int Fourth) Wide, int Attentive)
{
    /// <summary>Share of samples that skip the last block.</summary>
    public double DropPath { get; init; }

    /// <summary>The variant of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">None has that name.</exception>
    public static EfficientFormerV2Variant Named(string encoder) => encoder["tu-efficientformerv2_".Length..] switch
    {
        "s0" => new([32, 48, 96, 176], [2, 2, 6, 4], (3, 2), (1, 1), 2),
        "s1" => new([32, 48, 120, 224], [3, 3, 9, 6], (4, 2), (2, 2), 2),
        "s2" => new([32, 64, 144, 288], [4, 4, 12, 8], (6, 4), (2, 2), 4) { DropPath = 0.02 },
        "l" => new([40, 80, 192, 384], [5, 5, 15, 10], (7, 4), (4, 3), 6) { DropPath = 0.1 },
        var name => throw new ConfigurationException($"encoder 'tu-efficientformerv2_{name}' is no EfficientFormer that is known here."),
    };

    /// <summary>Inner channels of a block's network for each channel.</summary>
    public int Expansion(int stage, int block)
    {
        var (wide, narrow) = stage switch { 2 => (Wide.Third, Narrow.Third), 3 => (Wide.Fourth, Narrow.Fourth), _ => (0, 0) };
        return block >= wide && block < wide + narrow ? 3 : 4;
    }
}
