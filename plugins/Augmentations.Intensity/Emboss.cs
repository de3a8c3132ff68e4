using Osteon.Abstractions;
using Osteon.Imaging;

namespace Osteon.Plugins.Augmentations.Intensity;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record EmbossOptions : AugmentationOptions
{
    /// <summary>Interval of the embossed image's share.</summary>
    [Within(0, 1)]
    public Interval Alpha { get; init; } = new(0.2, 0.5);

    /// <summary>Interval of the strength.</summary>
    [Within(0, 1000)]
    public Interval Strength { get; init; } = new(0.2, 0.7);
}

/// <summary>What was drawn.</summary>
/// <param name="Alpha">The embossed image's share.</param>
/// <param name="Strength">How deep.</param>
public readonly record struct Embossing(double Alpha, double Strength);

/// <summary>Raises edges as if lit from the upper left.</summary>
/// <remarks>cv2.filter2D with Albumentations' kernel, bit for bit.</remarks>
[Augmentation("Emboss")]
public sealed class Emboss(EmbossOptions options) : IntensityAugmentation<Embossing>(options.Checked().P)
{
    /// <inheritdoc/>
    protected override Embossing DrawParameters(ref RandomStream random, in DrawContext context) =>
        new(options.Alpha.Draw(ref random), options.Strength.Draw(ref random));

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, Embossing draw, Workspace workspace)
    {
        var (alpha, strength) = ((float)draw.Alpha, draw.Strength);
        var (corner, edge) = (alpha * (float)(1 + strength), alpha * (float)strength);
        Filter.Convolve(from, to, [alpha * (float)(-1 - strength), -edge, 0, -edge, (float)(1 - draw.Alpha) + alpha, edge, 0, edge, corner], 3);
    }
}
