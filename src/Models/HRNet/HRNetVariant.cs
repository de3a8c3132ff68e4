using Osteon.Abstractions;

namespace Osteon.Models;

/// <summary>An HRNet's numbers.</summary>
/// <param name="Width">Channels of the largest map; each further one has twice those before.</param>
/// <param name="FirstBlocks">Bottlenecks before the maps part.</param>
/// <param name="FirstWidth">Their inner channels.</param>
/// <param name="Blocks">Blocks of each branch of a module.</param>
/// <param name="Modules">Modules of two, three and four branches.</param>
/// <remarks>Wang et al. 2020, arXiv:1908.07919.</remarks>
public sealed record HRNetVariant(int Width, int FirstBlocks, int FirstWidth, int Blocks, IReadOnlyList<int> Modules)
{
    /// <summary>The variant of a name without hrnet_ before it, as in w48.</summary>
    /// <exception cref="ConfigurationException">No variant has that name.</exception>
    public static HRNetVariant Named(string name) => name switch
    {
        "w18_small" => new(16, 1, 32, 2, [1, 1, 1]),
        "w18_small_v2" => new(18, 2, 64, 2, [1, 3, 2]),
        "w18" or "w18_ssld" => Full(18),
        "w30" => Full(30),
        "w32" => Full(32),
        "w40" => Full(40),
        "w44" => Full(44),
        "w48" or "w48_ssld" => Full(48),
        "w64" => Full(64),
        _ => throw new ConfigurationException($"hrnet_{name} is no HRNet that is known here; hrnet_w18_small, hrnet_w18_small_v2 and hrnet_w18, w30, w32, w40, w44, w48, w64 are."),
    };

    /// <summary>Channels of a branch, 0 being the largest map's.</summary>
    public int Channels(int branch) => Width << branch;

    private static HRNetVariant Full(int width) => new(width, 4, 64, 4, [1, 4, 3]);
}
