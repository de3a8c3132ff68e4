using Osteon.Abstractions;

namespace Osteon.Plugins.Encoders.HGNet;

/// <summary>A stage by its numbers.</summary>
/// <param name="InnerChannels">Of each layer.</param>
/// <param name="OutChannels">Of each block.</param>
/// <param name="Blocks">How many.</param>
/// <param name="IsLight">Layers are a pointwise and a depthwise convolution of 5×5, rather than one of 3×3.</param>
internal sealed record HGNetStageNumbers(int InnerChannels, int OutChannels, int Blocks, bool IsLight = false);

/// <summary>A network by its numbers.</summary>
/// <param name="Stem">Channels of the first convolutions.</param>
/// <param name="Layers">Of each block.</param>
/// <param name="Stages">The four stages; all but the first halve.</param>
internal sealed record HGNetVariant(IReadOnlyList<int> Stem, int Layers, IReadOnlyList<HGNetStageNumbers> Stages)
{
    /// <summary>HGNetV2: another stem, and squeezed joints without attention.</summary>
    public bool IsSecond { get; init; }

    /// <summary>A learnt factor and summand follow each activation: the small ones of the second version.</summary>
    public bool Affine { get; init; }

    /// <summary>The variant of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">None has that name.</exception>
    public static HGNetVariant Named(string encoder) => encoder["tu-".Length..] switch
    {
        "hgnet_tiny" => new([48, 48, 96], 5, [new(96, 224, 1), new(128, 448, 1), new(160, 512, 2), new(192, 768, 1)]),
        "hgnet_small" => new([64, 64, 128], 6, [new(128, 256, 1), new(160, 512, 1), new(192, 768, 2), new(224, 1024, 1)]),
        "hgnet_base" => new([96, 96, 160], 7, [new(192, 320, 1), new(224, 640, 2), new(256, 960, 3), new(288, 1280, 2)]),
        "hgnetv2_b0" => Second([16, 16], 3, [16, 32, 64, 128], [64, 256, 512, 1024], [1, 1, 2, 1]) with { Affine = true },
        "hgnetv2_b1" => Second([24, 32], 3, [32, 48, 96, 192], [64, 256, 512, 1024], [1, 1, 2, 1]) with { Affine = true },
        "hgnetv2_b2" => Second([24, 32], 4, [32, 64, 128, 256], [96, 384, 768, 1536], [1, 1, 3, 1]) with { Affine = true },
        "hgnetv2_b3" => Second([24, 32], 5, [32, 64, 128, 256], [128, 512, 1024, 2048], [1, 1, 3, 1]) with { Affine = true },
        "hgnetv2_b4" => Second([32, 48], 6, [48, 96, 192, 384], [128, 512, 1024, 2048], [1, 1, 3, 1]),
        "hgnetv2_b5" => Second([32, 64], 6, [64, 128, 256, 512], [128, 512, 1024, 2048], [1, 2, 5, 2]),
        "hgnetv2_b6" => Second([48, 96], 6, [96, 192, 384, 768], [192, 512, 1024, 2048], [2, 3, 6, 3]),
        var name => throw new ConfigurationException($"encoder 'tu-{name}' is no HGNet that is known here."),
    };

    private static HGNetVariant Second(int[] stem, int layers, int[] inner, int[] outer, int[] blocks) =>
        new(stem, layers, [.. Enumerable.Range(0, 4).Select(i => new HGNetStageNumbers(inner[i], outer[i], blocks[i], i >= 2))]) { IsSecond = true };
}
