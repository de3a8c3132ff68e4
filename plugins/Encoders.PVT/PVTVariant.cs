using Osteon.Abstractions;

namespace Osteon.Plugins.Encoders.PVT;

/// <summary>A pyramid vision transformer of the second version by its numbers.</summary>
/// <param name="Depths">Blocks in each stage.</param>
/// <param name="Channels">Of each stage.</param>
/// <param name="Expansions">Of the feed-forward networks.</param>
/// <param name="Linear">Attention is to 7×7 averages, whatever the size.</param>
/// <remarks>Wang et al. 2021, arXiv:2106.13797, table 1.</remarks>
internal sealed record PVTVariant(IReadOnlyList<int> Depths, IReadOnlyList<int> Channels, IReadOnlyList<int> Expansions, bool Linear = false)
{
    private static readonly int[] s_channels = [64, 128, 320, 512];
    private static readonly int[] s_expansions = [8, 8, 4, 4];

    /// <summary>Heads of each stage.</summary>
    public IReadOnlyList<int> Heads { get; } = [1, 2, 5, 8];

    /// <summary>Sides of what attention sees as one pixel.</summary>
    public static IReadOnlyList<int> Reductions { get; } = [8, 4, 2, 1];

    /// <summary>The variant of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">None has that name.</exception>
    public static PVTVariant Named(string encoder) => encoder["tu-pvt_v2_".Length..] switch
    {
        "b0" => new([2, 2, 2, 2], [32, 64, 160, 256], s_expansions),
        "b1" => new([2, 2, 2, 2], s_channels, s_expansions),
        "b2" => new([3, 4, 6, 3], s_channels, s_expansions),
        "b2_li" => new([3, 4, 6, 3], s_channels, s_expansions, Linear: true),
        "b3" => new([3, 4, 18, 3], s_channels, s_expansions),
        "b4" => new([3, 8, 27, 3], s_channels, s_expansions),
        "b5" => new([3, 6, 40, 3], s_channels, [4, 4, 4, 4]),
        var name => throw new ConfigurationException($"encoder 'tu-pvt_v2_{name}' is no PVT that is known here."),
    };
}
