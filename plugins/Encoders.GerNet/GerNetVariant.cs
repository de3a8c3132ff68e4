using Osteon.Abstractions;

namespace Osteon.Plugins.Encoders.GerNet;

/// <param name="Stem">Channels of the stem.</param>
/// <param name="Widths">Channels of each of the five stages.</param>
/// <param name="Blocks">Blocks in each.</param>
/// <param name="Last">Channels of the last convolution, the deepest map.</param>
internal sealed record GerNetVariant(int Stem, IReadOnlyList<int> Widths, IReadOnlyList<int> Blocks, int Last)
{
    /// <summary>Of the stem and of stages 0, 1 and 2; stages 3 and 4 have the same size, and a last convolution widens them.</summary>
    public int[] Channels => [Stem, .. Widths.Take(3), Last];

    public static GerNetVariant Named(string name) => name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..] switch
    {
        "gernet_s" => new(13, [48, 48, 384, 560, 256], [1, 3, 7, 2, 1], 1920),
        "gernet_m" => new(32, [128, 192, 640, 640, 640], [1, 2, 6, 4, 1], 2560),
        "gernet_l" => new(32, [128, 192, 640, 640, 640], [1, 2, 6, 5, 4], 2560),
        _ => throw new ConfigurationException($"encoder '{name}' is no GerNet that is known here."),
    };
}
