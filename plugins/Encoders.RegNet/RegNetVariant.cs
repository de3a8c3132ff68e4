using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.RegNet;

/// <summary>How a block gets around itself where channels or size change.</summary>
internal enum RegNetShortcut
{
    /// <summary>By a 1×1 convolution.</summary>
    Convolution,

    /// <summary>By averaging, then a 1×1 convolution.</summary>
    Average,

    /// <summary>Not at all.</summary>
    None,
}

/// <param name="Width">Of the first block, before rounding.</param>
/// <param name="Slope">By how much the width grows from block to block, before rounding.</param>
/// <param name="Multiplier">By how much it grows from stage to stage.</param>
/// <param name="GroupWidth">Channels in a group of the 3×3 convolutions.</param>
/// <param name="Depth">Blocks in all.</param>
/// <remarks>Radosavovic et al. 2020, arXiv:2003.13678, section 3.3: a network's widths and depths follow from these few numbers.</remarks>
internal sealed record RegNetVariant(int Width, double Slope, double Multiplier, int GroupWidth, int Depth)
{
    private const int Quantum = 8;

    /// <summary>Weighs channels by their means (Y, and all that come from it).</summary>
    public bool SqueezeExcite { get; init; }

    /// <summary>Rounds widths to groups as torchvision does.</summary>
    public bool RoundsUp { get; init; }

    /// <summary>Channels inside a block for each channel out of it.</summary>
    public int Bottleneck { get; init; } = 1;

    /// <summary>Normalises before each convolution instead of after it (V).</summary>
    public bool PreActivation { get; init; }

    /// <summary>SiLU instead of ReLU (V and Z).</summary>
    public bool Smooth { get; init; }

    /// <summary>Channels in a group of group normalisation; 0 for batch normalisation.</summary>
    public int NormGroupSize { get; init; }

    /// <summary>The shortcut, and, where there is none, no activation at a block's end (Z).</summary>
    public RegNetShortcut Shortcut { get; init; }

    /// <summary>Width, blocks and group width of each stage.</summary>
    public IReadOnlyList<(int Width, int Blocks, int GroupWidth)> Stages =>
        [.. Enumerable.Range(0, Depth).Select(BlockWidth).GroupBy(width => width).OrderBy(stage => stage.Key).Select(stage => Fitting(stage.Key, stage.Count()))];

    // In float32 and halves to even, as the reference computes them.
    private int BlockWidth(int block)
    {
        var straight = (block * (float)Slope) + Width;
        var power = MathF.Round(MathF.Log(straight / Width) / (float)Math.Log(Multiplier));
        return (int)(MathF.Round(Width * MathF.Pow((float)Multiplier, power) / Quantum) * Quantum);
    }

    private (int Width, int Blocks, int GroupWidth) Fitting(int width, int blocks)
    {
        var inner = width * Bottleneck;
        var group = Math.Min(GroupWidth, inner);
        var rounded = RoundsUp ? Blocks.MakeDivisible(inner, group) : (int)Math.Round((double)inner / group) * group;
        return (rounded / Bottleneck, blocks, group);
    }

    public static RegNetVariant Named(string name) => name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..] switch
    {
        "regnetx_002" => new(24, 36.44, 2.49, 8, 13),
        "regnetx_004" => new(24, 24.48, 2.54, 16, 22),
        "regnetx_004_tv" => new(24, 24.48, 2.54, 16, 22) { RoundsUp = true },
        "regnetx_006" => new(48, 36.97, 2.24, 24, 16),
        "regnetx_008" => new(56, 35.73, 2.28, 16, 16),
        "regnetx_016" => new(80, 34.01, 2.25, 24, 18),
        "regnetx_032" => new(88, 26.31, 2.25, 48, 25),
        "regnetx_040" => new(96, 38.65, 2.43, 40, 23),
        "regnetx_064" => new(184, 60.83, 2.07, 56, 17),
        "regnetx_080" => new(80, 49.56, 2.88, 120, 23),
        "regnetx_120" => new(168, 73.36, 2.37, 112, 19),
        "regnetx_160" => new(216, 55.59, 2.1, 128, 22),
        "regnetx_320" => new(320, 69.86, 2.0, 168, 23),
        "regnety_002" => Y(24, 36.44, 2.49, 8, 13),
        "regnety_004" => Y(48, 27.89, 2.09, 8, 16),
        "regnety_006" => Y(48, 32.54, 2.32, 16, 15),
        "regnety_008" => Y(56, 38.84, 2.4, 16, 14),
        "regnety_008_tv" => Y(56, 38.84, 2.4, 16, 14) with { RoundsUp = true },
        "regnety_016" => Y(48, 20.71, 2.65, 24, 27),
        "regnety_032" => Y(80, 42.63, 2.66, 24, 21),
        "regnety_040" => Y(96, 31.41, 2.24, 64, 22),
        "regnety_040_sgn" => Y(96, 31.41, 2.24, 64, 22) with { Smooth = true, NormGroupSize = 16 },
        "regnety_064" => Y(112, 33.22, 2.27, 72, 25),
        "regnety_080" => Y(192, 76.82, 2.19, 56, 17),
        "regnety_080_tv" => Y(192, 76.82, 2.19, 56, 17) with { RoundsUp = true },
        "regnety_120" => Y(168, 73.36, 2.37, 112, 19),
        "regnety_160" => Y(200, 106.23, 2.48, 112, 18),
        "regnety_320" => Y(232, 115.89, 2.53, 232, 20),
        "regnety_640" => Y(352, 147.48, 2.4, 328, 20),
        "regnety_1280" => Y(456, 160.83, 2.52, 264, 27),
        "regnety_2560" => Y(640, 230.83, 2.53, 373, 27),
        "regnetv_040" => Y(96, 31.41, 2.24, 64, 22) with { PreActivation = true, Smooth = true },
        "regnetv_064" => Y(112, 33.22, 2.27, 72, 25) with { PreActivation = true, Smooth = true, Shortcut = RegNetShortcut.Average },
        "regnetz_005" => Z(16, 10.7, 2.51, 4, 21),
        "regnetz_040" or "regnetz_040_h" => Z(48, 14.5, 2.226, 8, 28),
        _ => throw new ConfigurationException($"encoder '{name}' is no RegNet that is known here."),
    };

    private static RegNetVariant Y(int width, double slope, double multiplier, int groupWidth, int depth) =>
        new(width, slope, multiplier, groupWidth, depth) { SqueezeExcite = true };

    private static RegNetVariant Z(int width, double slope, double multiplier, int groupWidth, int depth) =>
        Y(width, slope, multiplier, groupWidth, depth) with { Bottleneck = 4, Smooth = true, Shortcut = RegNetShortcut.None };
}
