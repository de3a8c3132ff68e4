using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.Hiera;

/// <summary>A Hiera by its numbers.</summary>
/// <param name="Channels">Of the first stage; each further one has twice as many.</param>
/// <param name="Heads">Of the first stage; each further one has twice as many.</param>
/// <param name="Depths">Blocks of each stage.</param>
/// <remarks>Ryali et al. 2023, arXiv:2306.00989, table 2; SAM 2's from its configurations.</remarks>
internal sealed record HieraVariant(int Channels, int Heads, IReadOnlyList<int> Depths)
{
    /// <summary>Side of a map of positions that is enlarged to the image, beside one of a window that is repeated; null for a position of its own for each patch.</summary>
    public int? GlobalPositions { get; init; }

    /// <summary>First value of the learnt factors at the end of branches; 0 for none.</summary>
    public double Scale { get; init; }

    /// <summary>Whether channels are doubled by a layer, rather than by maxima beside means.</summary>
    public bool Expands { get; init; } = true;

    /// <summary>SAM 2's: whether a block's shortcut is a layer that comes first.</summary>
    public bool IsDetector { get; init; }

    /// <summary>SAM 2's: sides of windows of each stage.</summary>
    public IReadOnlyList<int> Windows { get; init; } = [8, 4, 14, 7];

    /// <summary>SAM 2's: blocks that attend to the whole map.</summary>
    public IReadOnlyList<int> Whole { get; init; } = [];

    /// <summary>All maps.</summary>
    public TimmFeatures Features => new(4, Channels, 2 * Channels, 4 * Channels, 8 * Channels) { Dilates = false };

    /// <summary>The variant of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">None has that name.</exception>
    public static HieraVariant Named(string encoder) => encoder["tu-".Length..] switch
    {
        "hiera_tiny_224" => new(96, 1, [1, 2, 7, 2]),
        "hiera_small_224" => new(96, 1, [1, 2, 11, 2]),
        "hiera_base_224" => new(96, 1, [2, 3, 16, 3]),
        "hiera_base_plus_224" => new(112, 2, [2, 3, 16, 3]),
        "hiera_large_224" => new(144, 2, [2, 6, 36, 4]),
        "hiera_huge_224" => new(256, 4, [2, 6, 36, 4]),
        "hiera_small_abswin_256" => new(96, 1, [1, 2, 11, 2]) { GlobalPositions = 16, Scale = 1e-5, Expands = false },
        "hiera_base_abswin_256" => new(96, 1, [2, 3, 16, 3]) { GlobalPositions = 14, Scale = 1e-5 },
        "sam2_hiera_tiny" => Detector(96, 1, [1, 2, 7, 2], [5, 7, 9]),
        "sam2_hiera_small" => Detector(96, 1, [1, 2, 11, 2], [7, 10, 13]),
        "sam2_hiera_base_plus" => Detector(112, 2, [2, 3, 16, 3], [12, 16, 20]) with { GlobalPositions = 14 },
        "sam2_hiera_large" => Detector(144, 2, [2, 6, 36, 4], [23, 33, 43]) with { Windows = [8, 4, 16, 8] },
        "hieradet_small" => Detector(96, 1, [1, 2, 11, 2], [7, 10, 13]) with { Windows = [8, 4, 16, 8], Scale = 1e-5 },
        var name => throw new ConfigurationException($"encoder 'tu-{name}' is no Hiera that is known here."),
    };

    private static HieraVariant Detector(int channels, int heads, int[] depths, int[] whole) =>
        new(channels, heads, depths) { GlobalPositions = 7, IsDetector = true, Whole = whole };
}
