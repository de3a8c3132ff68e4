using Osteon.Abstractions;

namespace Osteon.Plugins.Encoders.DLA;

/// <summary>What the leaves of the trees are.</summary>
internal enum Leaf
{
    /// <summary>Two convolutions of 3×3.</summary>
    Basic,

    /// <summary>One of 3×3 between two of 1×1.</summary>
    Bottleneck,

    /// <summary>Several of 3×3, one after the other, between two of 1×1: Res2Net's.</summary>
    Scaled,
}

/// <summary>A network of trees by its numbers.</summary>
/// <param name="Levels">Convolutions of the first two stages, and heights of the trees of the others.</param>
/// <param name="Channels">Of each stage.</param>
/// <param name="Leaf">Of the trees.</param>
/// <param name="Groups">Of the convolutions of 3×3.</param>
/// <param name="Width">Of a group at a stage of 64 channels.</param>
/// <remarks>Yu et al. 2017, arXiv:1707.06484, table 1.</remarks>
internal sealed record DLAVariant(IReadOnlyList<int> Levels, IReadOnlyList<int> Channels, Leaf Leaf, int Groups = 1, int Width = 64)
{
    private static readonly int[] s_wide = [16, 32, 128, 256, 512, 1024];
    private static readonly int[] s_compact = [16, 32, 64, 64, 128, 256];

    /// <summary>Whether a root adds the last of its children.</summary>
    public bool RootAdds { get; init; }

    /// <summary>The variant of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">None has that name.</exception>
    public static DLAVariant Named(string encoder) => encoder["tu-".Length..] switch
    {
        "dla34" => new([1, 1, 1, 2, 2, 1], [16, 32, 64, 128, 256, 512], Leaf.Basic),
        "dla46_c" => new([1, 1, 1, 2, 2, 1], s_compact, Leaf.Bottleneck),
        "dla46x_c" => new([1, 1, 1, 2, 2, 1], s_compact, Leaf.Bottleneck, 32, 4),
        "dla60x_c" => new([1, 1, 1, 2, 3, 1], s_compact, Leaf.Bottleneck, 32, 4),
        "dla60" => new([1, 1, 1, 2, 3, 1], s_wide, Leaf.Bottleneck),
        "dla60x" => new([1, 1, 1, 2, 3, 1], s_wide, Leaf.Bottleneck, 32, 4),
        "dla60_res2net" => new([1, 1, 1, 2, 3, 1], s_wide, Leaf.Scaled, 1, 28),
        "dla60_res2next" => new([1, 1, 1, 2, 3, 1], s_wide, Leaf.Scaled, 8, 4),
        "dla102" => new([1, 1, 1, 3, 4, 1], s_wide, Leaf.Bottleneck) { RootAdds = true },
        "dla102x" => new([1, 1, 1, 3, 4, 1], s_wide, Leaf.Bottleneck, 32, 4) { RootAdds = true },
        "dla102x2" => new([1, 1, 1, 3, 4, 1], s_wide, Leaf.Bottleneck, 64, 4) { RootAdds = true },
        "dla169" => new([1, 1, 2, 3, 5, 1], s_wide, Leaf.Bottleneck) { RootAdds = true },
        var name => throw new ConfigurationException($"encoder 'tu-{name}' is no DLA that is known here."),
    };

    /// <summary>Channels of a group of a leaf's 3×3 convolutions, all groups together.</summary>
    public int Inner(int channels) => (int)(channels * (Width / 64.0)) * Groups / 2;
}
