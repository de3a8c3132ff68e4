namespace Osteon.Plugins.Encoders.MixTransformer;

/// <summary>Sizes of a Mix Transformer.</summary>
/// <remarks>Xie et al. 2021, arXiv:2105.15203, table 6.</remarks>
/// <param name="Channels">Of each stage.</param>
/// <param name="Depths">Blocks of each stage.</param>
internal sealed record MixTransformerVariant(IReadOnlyList<int> Channels, IReadOnlyList<int> Depths)
{
    private static readonly int[] s_narrow = [32, 64, 160, 256];
    private static readonly int[] s_wide = [64, 128, 320, 512];

    /// <summary>Attention heads of each stage.</summary>
    public static IReadOnlyList<int> Heads { get; } = [1, 2, 5, 8];

    /// <summary>By how much each stage shrinks the map that is attended to.</summary>
    public static IReadOnlyList<int> Reductions { get; } = [8, 4, 2, 1];

    /// <summary>By SMP's name, one of the encoder's.</summary>
    public static MixTransformerVariant Named(string name) => name switch
    {
        "mit_b0" => new(s_narrow, [2, 2, 2, 2]),
        "mit_b1" => new(s_wide, [2, 2, 2, 2]),
        "mit_b2" => new(s_wide, [3, 4, 6, 3]),
        "mit_b3" => new(s_wide, [3, 4, 18, 3]),
        "mit_b4" => new(s_wide, [3, 8, 27, 3]),
        "mit_b5" => new(s_wide, [3, 6, 40, 3]),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "The encoder's attributes name none such."),
    };
}
