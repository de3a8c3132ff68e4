using Osteon.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MambaOut;

/// <summary>A MambaOut by its numbers.</summary>
/// <param name="Depths">Blocks of each stage.</param>
/// <param name="Channels">Of each stage.</param>
/// <remarks>Yu, Wang 2024, arXiv:2405.07992, table 6; rw are timm's own.</remarks>
internal sealed record MambaOutVariant(IReadOnlyList<int> Depths, IReadOnlyList<int> Channels)
{
    /// <summary>Added to variances.</summary>
    public const double Eps = 1e-6;

    private static readonly int[] s_small = [48, 96, 192, 288];
    private static readonly int[] s_middle = [96, 192, 384, 576];
    private static readonly int[] s_large = [128, 256, 512, 768];

    /// <summary>timm's form: stages are normalised before they halve, the stem once, and blocks have learnt factors.</summary>
    public bool IsTimms { get; init; }

    /// <summary>Inner channels for each channel.</summary>
    public double Expansion { get; init; } = 8 / 3.0;

    /// <summary>Convolved channels for each channel.</summary>
    public double Convolved { get; init; } = 1;

    /// <summary>Of gates and the stem.</summary>
    public Func<Tensor, Tensor> Activation { get; init; } = functional.gelu;

    /// <summary>The variant of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">None has that name.</exception>
    public static MambaOutVariant Named(string encoder) => encoder["tu-mambaout_".Length..] switch
    {
        "femto" => new([3, 3, 9, 3], s_small),
        "kobe" => new([3, 3, 15, 3], s_small),
        "tiny" => new([3, 3, 9, 3], s_middle),
        "small" => new([3, 4, 27, 3], s_middle),
        "base" => new([3, 4, 27, 3], s_large),
        "small_rw" => new([3, 4, 27, 3], s_middle) { IsTimms = true },
        "base_short_rw" => new([3, 3, 25, 3], s_large) { IsTimms = true, Expansion = 3, Convolved = 1.25 },
        "base_tall_rw" => new([3, 4, 30, 3], s_large) { IsTimms = true, Expansion = 2.5, Convolved = 1.25 },
        "base_wide_rw" => new([3, 4, 27, 3], s_large) { IsTimms = true, Expansion = 3, Convolved = 1.5, Activation = functional.silu },
        "base_plus_rw" => new([3, 4, 30, 3], s_large) { IsTimms = true, Expansion = 3, Convolved = 1.5, Activation = functional.silu },
        var name => throw new ConfigurationException($"encoder 'tu-mambaout_{name}' is no MambaOut that is known here."),
    };
}
