using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Intensity;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record RandomBrightnessContrastOptions : AugmentationOptions
{
    /// <summary>Interval of the summand, as a fraction of the full range (or of the mean); x alone means [−x, x].</summary>
    [Within(-1, 1)]
    public Interval BrightnessLimit { get; init; } = new(-0.2, 0.2);

    /// <summary>Interval of the factor, less 1; x alone means [−x, x].</summary>
    [Within(-1, 100)]
    public Interval ContrastLimit { get; init; } = new(-0.2, 0.2);

    /// <summary>True: brightness is a fraction of the pixel's full range; false: of the image's mean.</summary>
    public bool BrightnessByMax { get; init; } = true;

    /// <summary>True: what was drawn is lessened until no pixel can leave its range, so that nothing is clipped.</summary>
    public bool EnsureSafeRange { get; init; }
}

/// <summary>What was drawn: v becomes v × Contrast + Brightness × (full range or mean).</summary>
/// <param name="Contrast">The factor.</param>
/// <param name="Brightness">The summand, as a fraction.</param>
public readonly record struct BrightnessContrast(double Contrast, double Brightness);

/// <summary>Scales and shifts intensities; what leaves the pixel's range is clipped, fractions are cut off.</summary>
/// <remarks>
/// Pixels agree with Albumentations 2.0.8 on 8-bit images: single-precision arithmetic on purpose. 16-bit images, which it
/// does not know, follow the same formula with 65535 as full range.
/// </remarks>
[Augmentation("RandomBrightnessContrast")]
public sealed class RandomBrightnessContrast(RandomBrightnessContrastOptions options) : IntensityAugmentation<BrightnessContrast>(options.Checked().P)
{
    /// <inheritdoc/>
    protected override BrightnessContrast DrawParameters(ref RandomStream random, in DrawContext context) =>
        new(1 + options.ContrastLimit.Draw(ref random), options.BrightnessLimit.Draw(ref random));

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, BrightnessContrast draw, Workspace workspace)
    {
        var (factor, summand, max) = (draw.Contrast, draw.Brightness * (options.BrightnessByMax ? from.MaxValue : Mean(from)), (double)from.MaxValue);
        if (options.EnsureSafeRange)
        {
            summand = factor > 0 ? Math.Clamp(summand, 0, max) : Math.Min(summand, max);
            factor = factor > 0 ? Math.Min(factor, (max - summand) / max) : Math.Max(factor, -summand / max);
        }

        PixelTable.Scale(from, to, (float)factor, (float)summand, workspace);
    }

    private static double Mean(Image image)
    {
        var sum = 0L;
        if (image.BytesPerPixel == 1)
        {
            foreach (var v in image.Bytes)
            {
                sum += v;
            }
        }
        else
        {
            foreach (var v in image.Pixels<ushort>())
            {
                sum += v;
            }
        }

        return (double)sum / image.Frame.Area;
    }
}
