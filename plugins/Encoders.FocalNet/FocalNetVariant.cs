using Osteon.Abstractions;

namespace Osteon.Plugins.Encoders.FocalNet;

/// <summary>A FocalNet by its numbers.</summary>
/// <param name="Channels">Of the first stage; each further one has twice as many.</param>
/// <param name="Depth">Blocks of the third stage; the others have 2.</param>
/// <param name="Levels">Scales at which a pixel sees what lies around it.</param>
/// <remarks>Yang et al. 2022, arXiv:2203.11926, table 1; the large ones from the authors' configurations.</remarks>
internal sealed record FocalNetVariant(int Channels, int Depth, int Levels)
{
    /// <summary>Share of samples that skip the last block.</summary>
    public const double DropPath = 0.1;

    /// <summary>Added to variances.</summary>
    public const double Eps = 1e-5;

    /// <summary>Side of the first scale's kernel; each further one's is larger by 2.</summary>
    public int Window { get; init; } = 3;

    /// <summary>The large ones: patches overlap, branches are normalised at their ends, and have learnt factors.</summary>
    public bool IsLarge { get; init; }

    /// <summary>What modulates is normalised too.</summary>
    public bool NormalizesModulation { get; init; }

    /// <summary>Whether patches overlap.</summary>
    public bool Overlaps => IsLarge;

    /// <summary>Blocks of each stage.</summary>
    public IReadOnlyList<int> Depths => [2, 2, Depth, 2];

    /// <summary>The variant of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">None has that name.</exception>
    public static FocalNetVariant Named(string encoder) => encoder["tu-focalnet_".Length..] switch
    {
        "tiny_srf" => new(96, 6, 2),
        "tiny_lrf" => new(96, 6, 3),
        "small_srf" => new(96, 18, 2),
        "small_lrf" => new(96, 18, 3),
        "base_srf" => new(128, 18, 2),
        "base_lrf" => new(128, 18, 3),
        "large_fl3" => new(192, 18, 3) { IsLarge = true, Window = 5 },
        "large_fl4" => new(192, 18, 4) { IsLarge = true },
        "xlarge_fl3" => new(256, 18, 3) { IsLarge = true, Window = 5 },
        "xlarge_fl4" => new(256, 18, 4) { IsLarge = true },
        "huge_fl3" => new(352, 18, 3) { IsLarge = true, NormalizesModulation = true },
        "huge_fl4" => new(352, 18, 4) { IsLarge = true, NormalizesModulation = true },
        var name => throw new ConfigurationException($"encoder 'tu-focalnet_{name}' is no FocalNet that is known here."),
    };

    /// <summary>Channels of a stage.</summary>
    public int ChannelsOf(int stage) => Channels << stage;
}
