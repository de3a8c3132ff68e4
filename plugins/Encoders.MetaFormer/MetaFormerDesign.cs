using Osteon.Abstractions;

namespace Osteon.Plugins.Encoders.MetaFormer;

/// <summary>What mixes the pixels of a stage.</summary>
internal enum Mixer
{
    /// <summary>An average of 3×3, less the pixel itself.</summary>
    Pooling,

    /// <summary>A depthwise convolution of 7×7 between two of 1×1.</summary>
    Convolution,

    /// <summary>Attention among all pixels, in heads of 32 channels.</summary>
    Attention,
}

/// <summary>A MetaFormer by its numbers.</summary>
/// <param name="Depths">Blocks in each stage.</param>
/// <param name="Channels">Of each stage.</param>
/// <param name="Mixers">Of each stage.</param>
/// <remarks>Yu et al. 2021, arXiv:2111.11418 (PoolFormer); Yu et al. 2022, arXiv:2210.13452 (the others).</remarks>
internal sealed record MetaFormerDesign(IReadOnlyList<int> Depths, IReadOnlyList<int> Channels, IReadOnlyList<Mixer> Mixers)
{
    private static readonly int[] s_small = [64, 128, 320, 512];
    private static readonly int[] s_deep = [3, 12, 18, 3];

    /// <summary>PoolFormer's first version: biases, GELU, learnt factors of the branches that start here, and nothing normalised between stages; 0 for the later form.</summary>
    public double FirstScale { get; init; }

    /// <summary>Whether it is that first version.</summary>
    public bool IsFirst => FirstScale > 0;

    /// <summary>The design of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">No design has that name.</exception>
    public static MetaFormerDesign Named(string encoder) => encoder["tu-".Length..].Split('_') switch
    {
        ["poolformer", "s12"] => Pool([2, 2, 6, 2], s_small) with { FirstScale = 1e-5 },
        ["poolformer", "s24"] => Pool([4, 4, 12, 4], s_small) with { FirstScale = 1e-5 },
        ["poolformer", "s36"] => Pool([6, 6, 18, 6], s_small) with { FirstScale = 1e-6 },
        ["poolformer", "m36"] => Pool([6, 6, 18, 6], [96, 192, 384, 768]) with { FirstScale = 1e-6 },
        ["poolformer", "m48"] => Pool([8, 8, 24, 8], [96, 192, 384, 768]) with { FirstScale = 1e-6 },
        ["poolformerv2", "s12"] => Pool([2, 2, 6, 2], s_small),
        ["poolformerv2", "s24"] => Pool([4, 4, 12, 4], s_small),
        ["poolformerv2", "s36"] => Pool([6, 6, 18, 6], s_small),
        ["poolformerv2", "m36"] => Pool([6, 6, 18, 6], [96, 192, 384, 768]),
        ["poolformerv2", "m48"] => Pool([8, 8, 24, 8], [96, 192, 384, 768]),
        ["convformer", var size] => Sized(size, Mixer.Convolution),
        ["caformer", var size] => Sized(size, Mixer.Attention),
        _ => throw new ConfigurationException($"encoder '{encoder}' is no MetaFormer that is known here."),
    };

    private static MetaFormerDesign Pool(int[] depths, int[] channels) => new(depths, channels, [Mixer.Pooling, Mixer.Pooling, Mixer.Pooling, Mixer.Pooling]);

    private static MetaFormerDesign Sized(string size, Mixer late)
    {
        var (depths, channels) = size switch
        {
            "s18" => ((int[])[3, 3, 9, 3], s_small),
            "s36" => (s_deep, s_small),
            "m36" => (s_deep, [96, 192, 384, 576]),
            _ => (s_deep, [128, 256, 512, 768]),
        };
        return new MetaFormerDesign(depths, channels, [Mixer.Convolution, Mixer.Convolution, late, late]);
    }
}
