using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Intensity;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record RandomGammaOptions : AugmentationOptions
{
    /// <summary>Interval of the exponent in percent; above 100 darkens; x alone means [1, x].</summary>
    [Within(1, 10000, AloneFrom = 1)]
    public Interval GammaLimit { get; init; } = new(80, 120);
}

/// <summary>Imitates a change of tube exposure: each intensity, as a fraction of the full range, becomes v^gamma.</summary>
/// <remarks>
/// Fractions are cut off, as in Albumentations 2.0.8, whose 8-bit table this is; 16-bit images follow the same formula with
/// 65535 as full range. The draw is the exponent.
/// </remarks>
[Augmentation("RandomGamma")]
public sealed class RandomGamma(RandomGammaOptions options) : IntensityAugmentation<double>(options.Checked().P)
{
    /// <inheritdoc/>
    protected override double DrawParameters(ref RandomStream random, in DrawContext context) => options.GammaLimit.Draw(ref random) / 100;

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, double draw, Workspace workspace)
    {
        var (max, step) = (from.MaxValue, 1.0 / from.MaxValue);
        var table = workspace.Numbers<int>(max + 1);
        for (var v = 0; v < table.Length; v++)
        {
            table[v] = (int)Math.Clamp(Math.Pow(v * step, draw) * max, 0, max);
        }

        PixelTable.Apply(from, to, table);
    }
}
