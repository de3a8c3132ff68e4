using System.Globalization;

namespace Osteon.Plugins.Encoders.RexNet;

/// <summary>A block by its numbers.</summary>
/// <param name="Channels">Channels out.</param>
/// <param name="Expansion">Inner channels for each channel in.</param>
/// <param name="Stride">Pixels from one place to the next.</param>
/// <param name="Squeezes">Whether there is squeeze-and-excitation.</param>
internal sealed record RexNetBlock(int Channels, int Expansion, int Stride, bool Squeezes);

/// <summary>A ReXNet by its numbers.</summary>
/// <param name="Stem">Channels of the first convolution.</param>
/// <param name="Blocks">All blocks.</param>
/// <param name="Divisor">What channels are multiples of.</param>
/// <remarks>Han et al. 2020, arXiv:2007.00992, section 4.</remarks>
internal sealed record RexNetPlan(int Stem, IReadOnlyList<RexNetBlock> Blocks, int Divisor)
{
    private const int First = 16, Growth = 180, FirstConvolution = 32, Expansion = 6;

    private static readonly int[] s_blocks = [1, 2, 2, 3, 3, 5];
    private static readonly int[] s_strides = [1, 2, 2, 2, 1, 2];

    /// <summary>Blocks before one that halves, and the last.</summary>
    public IReadOnlyList<int> LastOfStages => [.. Enumerable.Range(0, Blocks.Count).Where(i => i == Blocks.Count - 1 || Blocks[i + 1].Stride > 1)];

    /// <summary>The plan of an encoder's name: rexnet_ or rexnetr_, and a hundred times the width.</summary>
    public static RexNetPlan Named(string encoder)
    {
        var hundredths = int.Parse(encoder[(encoder.LastIndexOf('_') + 1)..], CultureInfo.InvariantCulture);
        var (width, divisor) = (hundredths / 100.0, !encoder.StartsWith("tu-rexnetr", StringComparison.Ordinal) ? 1 : hundredths == 300 ? 16 : 8);
        int Channels(double unscaled) => Models.Blocks.MakeDivisible(Math.Round(unscaled * width), divisor);
        var count = s_blocks.Sum();
        var blocks = new List<RexNetBlock>();
        foreach (var (stage, repeats) in s_blocks.Index())
        {
            blocks.AddRange(Enumerable.Range(0, repeats).Select(i => new RexNetBlock(
                Channels(First + ((double)Growth / count * (blocks.Count + i))), stage == 0 ? 1 : Expansion, i == 0 ? s_strides[stage] : 1, stage >= 2)).ToArray());
        }

        return new(Channels(FirstConvolution), blocks, divisor);
    }
}
