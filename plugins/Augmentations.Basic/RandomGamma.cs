using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record RandomGammaOptions
{
    /// <summary>Interval of the exponent in percent, above 0; above 100 darkens.</summary>
    public Interval GammaLimit { get; init; } = new(80, 120);

    /// <summary>Probability in [0, 1].</summary>
    public double P { get; init; } = 0.5;
}

/// <summary>Imitates a change of tube exposure: each intensity, as a fraction of the full range, becomes v^gamma.</summary>
/// <remarks>
/// Fractions are cut off, as in Albumentations 2.0.8, whose 8-bit table this is; 16-bit images follow the same formula with
/// 65535 as full range.
/// </remarks>
[Augmentation("RandomGamma")]
public sealed class RandomGamma(RandomGammaOptions options) : IntensityAugmentation<double>(options.P)
{
    private readonly Interval _percent = options.GammaLimit.Checked("gamma_limit", 1, 10_000);

    /// <inheritdoc/>
    protected override double DrawParameters(ref RandomStream random, in DrawContext context) => _percent.Draw(ref random) / 100;

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, double draw, Workspace workspace)
    {
        var (max, step) = (from.MaxValue, 1.0 / from.MaxValue);
        PixelTable.Apply(from, to, v => Math.Pow(v * step, draw) * max, workspace);
    }
}
