using Osteon.Abstractions;

namespace Osteon.Plugins.Encoders.DPN;

/// <param name="Stem">Channels before the first block.</param>
/// <param name="Width">Channels inside the first stage's blocks; each further stage has twice as many.</param>
/// <param name="Groups">Of the 3×3 convolutions.</param>
/// <param name="Blocks">Blocks in each of the four stages.</param>
/// <param name="Growth">Channels a block adds to the dense path, for each stage.</param>
internal sealed record DPNVariant(int Stem, int Width, int Groups, IReadOnlyList<int> Blocks, IReadOnlyList<int> Growth)
{
    /// <summary>A stem of 3×3 and a residual path of a quarter of the channels.</summary>
    public bool Small { get; init; }

    /// <summary>Each block ends in a convolution for either path, of one activation.</summary>
    public bool Split { get; init; }

    /// <summary>Of the stem, and of either path together after each stage.</summary>
    public int[] Channels => [Stem, .. Enumerable.Range(0, Blocks.Count).Select(stage => Residual(stage) + ((Blocks[stage] + 2) * Growth[stage]))];

    public static DPNVariant Named(string name) => name switch
    {
        "dpn48b" => new(10, 128, 32, [3, 4, 6, 3], [16, 32, 32, 64]) { Small = true, Split = true },
        "dpn68" => new(10, 128, 32, [3, 4, 12, 3], [16, 32, 32, 64]) { Small = true },
        "dpn68b" => new(10, 128, 32, [3, 4, 12, 3], [16, 32, 32, 64]) { Small = true, Split = true },
        "dpn92" => new(64, 96, 32, [3, 4, 20, 3], [16, 32, 24, 128]),
        "dpn98" => new(96, 160, 40, [3, 6, 20, 3], [16, 32, 32, 128]),
        "dpn107" => new(128, 200, 50, [4, 8, 20, 3], [20, 64, 64, 128]),
        "dpn131" => new(128, 160, 40, [4, 8, 28, 3], [16, 32, 32, 128]),
        _ => throw new ConfigurationException($"encoder '{name}' is no DPN that is known here."),
    };

    /// <summary>Channels of the residual path in a stage, 0 to 3.</summary>
    public int Residual(int stage) => (Small ? 64 : 256) << stage;
}
