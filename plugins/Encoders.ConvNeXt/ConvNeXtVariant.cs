using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ConvNeXt;

/// <summary>How the first layers bring the image to a quarter of its size.</summary>
internal enum Stem
{
    /// <summary>One convolution of 4×4 patches.</summary>
    Patch,

    /// <summary>Two of 3×3 whose windows overlap.</summary>
    Overlap,

    /// <summary>The same, the first with half the channels.</summary>
    OverlapTiered,

    /// <summary>As Overlap, with an activation between.</summary>
    OverlapAct,
}

/// <summary>What a ConvNeXt is built of.</summary>
/// <param name="Channels">Of each stage.</param>
/// <param name="Depths">Blocks of each stage.</param>
internal sealed record ConvNeXtVariant(IReadOnlyList<int> Channels, IReadOnlyList<int> Depths)
{
    public Stem Stem { get; init; }

    /// <summary>Whether the blocks' layers are 1×1 convolutions rather than linear: other shapes of the same weights.</summary>
    public bool Convolutions { get; init; }

    /// <summary>V2: global response normalisation between the layers, and no layer scale.</summary>
    public bool ResponseNorm { get; init; }

    public ChannelNormKind Norm { get; init; }

    public double NormEps { get; init; } = 1e-6;

    /// <summary>Sides of each stage's depthwise kernels.</summary>
    public IReadOnlyList<int> Kernels { get; init; } = [7, 7, 7, 7];

    public Func<Tensor, Tensor> Activation { get; init; } = functional.gelu;

    /// <summary>By timm's name, one of the encoder's.</summary>
    public static ConvNeXtVariant Named(string name)
    {
        var parts = name["tu-".Length..].Split('_', 2);
        return parts switch
        {
            ["convnextv2", var size] => Sized(size) with { ResponseNorm = true },
            ["convnext", "xxlarge"] => new([384, 768, 1536, 3072], [3, 4, 30, 3]) { NormEps = 1e-5 },
            ["convnext", "nano_ols"] => Sized("nano") with { Stem = Stem.Overlap },
            ["convnext", "zepto_rms"] => s_zepto,
            ["convnext", "zepto_rms_ols"] => s_zepto with { Stem = Stem.OverlapAct },
            ["convnext", "atto_rms"] => Sized("atto") with { Norm = ChannelNormKind.RootMeanSquare },
            ["convnext", "tiny_hnf"] => Sized("tiny") with { Convolutions = true },
            ["convnext", "large_mlp"] => Sized("large"),            // its head is another, which an encoder lacks
            ["convnext", var size] when size.EndsWith("_ols", StringComparison.Ordinal) => Sized(size[..^"_ols".Length]) with { Stem = Stem.OverlapTiered },
            ["convnext", var size] => Sized(size),
            ["test", "convnext"] => new([24, 32, 48, 64], [1, 2, 4, 2]) { NormEps = 1e-5, Activation = TanhGelu },
            ["test", "convnext2"] => s_test with { Activation = TanhGelu },
            ["test", "convnext3"] => s_test with { Kernels = [7, 5, 5, 3], Activation = x => functional.silu(x) },
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "The encoder's attributes name none such."),
        };
    }

    private static readonly ConvNeXtVariant s_zepto = new([32, 64, 128, 256], [2, 2, 4, 2]) { Convolutions = true, Norm = ChannelNormKind.Deviation };
    private static readonly ConvNeXtVariant s_test = new([32, 64, 96, 128], [1, 1, 1, 1]) { NormEps = 1e-5 };

    // The same in both versions; the small ones have convolutions for linear layers.
    private static ConvNeXtVariant Sized(string size) => size switch
    {
        "atto" => Doubling(40, [2, 2, 6, 2]) with { Convolutions = true },
        "femto" => Doubling(48, [2, 2, 6, 2]) with { Convolutions = true },
        "pico" => Doubling(64, [2, 2, 6, 2]) with { Convolutions = true },
        "nano" => Doubling(80, [2, 2, 8, 2]) with { Convolutions = true },
        "tiny" => Doubling(96, [3, 3, 9, 3]),
        "small" => Doubling(96, [3, 3, 27, 3]),
        "base" => Doubling(128, [3, 3, 27, 3]),
        "large" => Doubling(192, [3, 3, 27, 3]),
        "xlarge" => Doubling(256, [3, 3, 27, 3]),
        "huge" => Doubling(352, [3, 3, 27, 3]),
        _ => throw new ArgumentOutOfRangeException(nameof(size), size, "The encoder's attributes name none such."),
    };

    private static ConvNeXtVariant Doubling(int channels, int[] depths) => new([channels, 2 * channels, 4 * channels, 8 * channels], depths);

    private static Tensor TanhGelu(Tensor x) => functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh);
}
