using Osteon.Abstractions;

namespace Osteon.Plugins.Encoders.FastViT;

/// <summary>A FastViT by its numbers.</summary>
/// <param name="Depths">Blocks of each stage.</param>
/// <param name="Channels">Of each stage.</param>
/// <param name="Expansion">Of the feed-forward networks.</param>
/// <param name="Attends">Whether the last stage's pixels attend to each other.</param>
/// <remarks>Vasu et al. 2023, arXiv:2303.14189, table 2; MobileCLIP: arXiv:2311.17049, appendix A.</remarks>
internal sealed record FastViTVariant(IReadOnlyList<int> Depths, IReadOnlyList<int> Channels, int Expansion, bool Attends)
{
    private static readonly int[] s_channels = [64, 128, 256, 512];

    /// <summary>MobileCLIP's: activation and squeeze-and-excitation where a stage halves.</summary>
    public bool IsClip { get; init; }

    /// <summary>The variant of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">None has that name.</exception>
    public static FastViTVariant Named(string encoder) => encoder["tu-fastvit_".Length..] switch
    {
        "t8" => new([2, 2, 4, 2], [48, 96, 192, 384], 3, Attends: false),
        "t12" => new([2, 2, 6, 2], s_channels, 3, Attends: false),
        "s12" => new([2, 2, 6, 2], s_channels, 4, Attends: false),
        "sa12" => new([2, 2, 6, 2], s_channels, 4, Attends: true),
        "sa24" => new([4, 4, 12, 4], s_channels, 4, Attends: true),
        "sa36" => new([6, 6, 18, 6], s_channels, 4, Attends: true),
        "ma36" => new([6, 6, 18, 6], [76, 152, 304, 608], 4, Attends: true),
        "mci0" => new([2, 6, 10, 2], s_channels, 3, Attends: true) { IsClip = true },
        "mci1" => new([4, 12, 20, 4], s_channels, 3, Attends: true) { IsClip = true },
        "mci2" => new([4, 12, 24, 4], [80, 160, 320, 640], 3, Attends: true) { IsClip = true },
        var name => throw new ConfigurationException($"encoder 'tu-fastvit_{name}' is no FastViT that is known here."),
    };
}
