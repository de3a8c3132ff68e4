using Osteon.Abstractions;
using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MobileViT;

/// <summary>MobileViT and MobileViTV2 as timm builds them: inverted bottlenecks, and attention among pixels of the same place in squares of 2×2.</summary>
/// <remarks>Mehta, Rastegari 2021, arXiv:2110.02178; V2: Mehta, Rastegari 2022, arXiv:2206.02680.</remarks>
[Encoder("tu-mobilevit_s")]
[Encoder("tu-mobilevit_xs")]
[Encoder("tu-mobilevit_xxs")]
[Encoder("tu-mobilevitv2_050")]
[Encoder("tu-mobilevitv2_075")]
[Encoder("tu-mobilevitv2_100")]
[Encoder("tu-mobilevitv2_125")]
[Encoder("tu-mobilevitv2_150")]
[Encoder("tu-mobilevitv2_175")]
[Encoder("tu-mobilevitv2_200")]
public sealed class MobileViTEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private readonly int _multiple = MobileViTDesign.Named(options.Name).IsSecond ? MobileViTDesign.Patch * Math.Min(1 << options.Depth, options.OutputStride) : 1;

    /// <inheritdoc/>
    /// <remarks>The second version enlarges a map that squares do not fill, which then fits no other; the first brings it back.</remarks>
    public override int SizeMultiple => _multiple;

    private static TimmFeatures Features(EncoderOptions options)
    {
        var design = MobileViTDesign.Named(options.Name);
        return new(2, [.. design.Channels.SkipLast(1), design.Last > 0 ? design.Last : design.Channels[^1]]);
    }

    // Keys: stem, stages_0 … stages_4, final_conv.
    private static FeatureList Model(EncoderOptions options)
    {
        var (design, used) = (MobileViTDesign.Named(options.Name), Features(options).Used(options));
        var model = new FeatureList().Add("stem", new ConvNormAct(options.InChannels, design.Stem, 3, 2, activation: SiLU(inplace: true)), isMap: false);
        var (channels, total, dilation) = (design.Stem, 2, 1);
        foreach (var stage in Enumerable.Range(0, used))
        {
            var stride = stage == 0 ? 1 : 2;
            (dilation, stride) = total >= options.OutputStride && stride > 1 ? (dilation * stride, 1) : (dilation, stride);
            total *= stride;
            var first = dilation <= 2 ? 1 : 2;
            var outChannels = design.Channels[stage];
            var blocks = new List<Module<Tensor, Tensor>>();
            for (var i = 0; i < (stage == 1 ? design.SecondStage : 1); i++)
            {
                var (before, own) = (i == 0 ? first : dilation, i == 0 ? stride : 1);
                blocks.Add(new InvertedBottleneck(channels, outChannels, design.Expansion(stage), own, before, shortcut: channels == outChannels && own == 1 && before == dilation));
                channels = outChannels;
            }

            if (stage >= 2)
            {
                blocks.Add(design.IsSecond ? new LinearAttentionBlock(outChannels, MobileViTDesign.Blocks[stage - 2], dilation) : new PatchAttentionBlock(outChannels, design.Inner[stage - 2], MobileViTDesign.Blocks[stage - 2], dilation));
            }

            model.Add($"stages_{stage}", Sequential(blocks), isMap: stage < 4 || design.Last == 0);
        }

        if (used == 5 && design.Last > 0)
        {
            model.Add("final_conv", new ConvNormAct(channels, design.Last, 1, activation: SiLU(inplace: true)));
        }

        Initialization.Convolutions(model, perGroup: true);
        return model;
    }
}

/// <summary>A MobileViT by its numbers.</summary>
/// <param name="Stem">Channels of the first convolution.</param>
/// <param name="Channels">Of each stage.</param>
/// <param name="Inner">Channels of the last three stages' transformers, in the first version.</param>
/// <param name="Last">Channels of a pointwise convolution at the end; 0 for none.</param>
internal sealed record MobileViTDesign(int Stem, IReadOnlyList<int> Channels, IReadOnlyList<int> Inner, int Last)
{
    /// <summary>Side of the squares of pixels.</summary>
    public const int Patch = 2;

    /// <summary>Blocks of the last three stages' transformers.</summary>
    public static IReadOnlyList<int> Blocks { get; } = [2, 4, 3];

    /// <summary>Whether it is the second version, of linear attention.</summary>
    public bool IsSecond => Inner.Count == 0;

    /// <summary>Bottlenecks of the second stage.</summary>
    public int SecondStage => IsSecond ? 2 : 3;

    /// <summary>The smallest of the first version expands less.</summary>
    private bool IsNarrow { get; init; }

    /// <summary>The design of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">None has that name.</exception>
    public static MobileViTDesign Named(string encoder) => encoder["tu-mobilevit".Length..] switch
    {
        "_xxs" => new(16, [16, 24, 48, 64, 80], [64, 80, 96], 320) { IsNarrow = true },
        "_xs" => new(16, [32, 48, 64, 80, 96], [96, 120, 144], 384),
        "_s" => new(16, [32, 64, 96, 128, 160], [144, 192, 240], 640),
        ['v', '2', '_', .. var hundredths] when int.TryParse(hundredths, System.Globalization.CultureInfo.InvariantCulture, out var width) => new(32 * width / 100, [.. ((int[])[64, 128, 256, 384, 512]).Select(channels => channels * width / 100)], [], 0),
        var name => throw new ConfigurationException($"encoder 'tu-mobilevit{name}' is no MobileViT that is known here."),
    };

    /// <summary>Inner channels of a stage's bottlenecks for each channel in.</summary>
    public int Expansion(int stage) => IsSecond || IsNarrow ? 2 : 4;
}
