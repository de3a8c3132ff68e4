using Osteon.Abstractions;

namespace Osteon.Plugins.Encoders.EdgeNeXt;

/// <summary>An EdgeNeXt by its numbers.</summary>
/// <param name="Depths">Blocks in each stage; the last of stages 1 to 3 attends.</param>
/// <param name="Channels">Of each stage.</param>
/// <param name="Heads">Of attention.</param>
/// <remarks>Maaz et al. 2022, arXiv:2206.10589, table 1.</remarks>
internal sealed record EdgeNeXtVariant(IReadOnlyList<int> Depths, IReadOnlyList<int> Channels, int Heads)
{
    /// <summary>Sides of the depthwise kernels of each stage.</summary>
    public static IReadOnlyList<int> Kernels { get; } = [3, 5, 7, 9];

    /// <summary>Parts that the last block of each stage splits channels into.</summary>
    public static IReadOnlyList<int> Scales { get; } = [2, 2, 3, 4];

    /// <summary>timm's own form: the stem's patches overlap, convolutions have no bias, and the first block of a stage halves.</summary>
    public bool Overlaps { get; init; }

    /// <summary>The variant of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">None has that name.</exception>
    public static EdgeNeXtVariant Named(string encoder) => encoder["tu-edgenext_".Length..] switch
    {
        "xx_small" => new([2, 2, 6, 2], [24, 48, 88, 168], 4),
        "x_small" => new([3, 3, 9, 3], [32, 64, 100, 192], 4),
        "small" => new([3, 3, 9, 3], [48, 96, 160, 304], 8),
        "small_rw" => new([3, 3, 9, 3], [48, 96, 192, 384], 8) { Overlaps = true },
        "base" => new([3, 3, 9, 3], [80, 160, 288, 584], 8),
        var name => throw new ConfigurationException($"encoder 'tu-edgenext_{name}' is no EdgeNeXt that is known here."),
    };
}
