using Osteon.Abstractions;

namespace Osteon.Plugins.Encoders.Swin;

/// <summary>A Swin transformer in Reich's form by its numbers.</summary>
/// <param name="Channels">Of the first stage; each further one has twice as many.</param>
/// <param name="Depth">Blocks of the third stage; the others have 2.</param>
/// <param name="Heads">Of the first stage; each further one has twice as many.</param>
internal sealed record SwinV2CrVariant(int Channels, int Depth, int Heads)
{
    /// <summary>Side of the images that the name promises.</summary>
    public int ImageSize { get; init; }

    /// <summary>Every so many blocks the trunk itself is normalised; 0 never.</summary>
    public int NormPeriod { get; init; }

    /// <summary>Whether it is at the end of each stage, and not of the last alone.</summary>
    public bool NormsStages { get; init; }

    /// <summary>Blocks of each stage.</summary>
    public IReadOnlyList<int> Depths => [2, 2, Depth, 2];

    /// <summary>The variant of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">None has that name.</exception>
    public static SwinV2CrVariant Named(string encoder)
    {
        var words = encoder["tu-swinv2_cr_".Length..].Split('_');
        var size = int.Parse(words[^1], System.Globalization.CultureInfo.InvariantCulture);
        SwinV2CrVariant variant = words[0] switch
        {
            "tiny" => new(96, 6, 3),
            "small" => new(96, 18, 3),
            "base" => new(128, 18, 4),
            "large" => new(192, 18, 6),
            "huge" => new(352, 18, size == 384 ? 11 : 8) { NormPeriod = 6 },
            "giant" => new(512, 42, 16) { NormPeriod = 6 },
            _ => throw new ConfigurationException($"encoder '{encoder}' is no Swin transformer that is known here."),
        };
        return variant with { ImageSize = size, NormsStages = words.Contains("ns") };
    }

    /// <summary>Whether the trunk is normalised behind a block.</summary>
    public bool NormsBehind(int stage, int block) =>
        (NormPeriod > 0 && (block + 1) % NormPeriod == 0) || ((NormsStages || stage == Depths.Count - 1) && block == Depths[stage] - 1);
}
