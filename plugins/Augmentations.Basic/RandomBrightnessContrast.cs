using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record RandomBrightnessContrastOptions
{
    /// <summary>Interval of the summand, as a fraction of the full range (or of the mean).</summary>
    public Interval BrightnessLimit { get; init; } = new(-0.2, 0.2);

    /// <summary>Interval of the factor, less 1.</summary>
    public Interval ContrastLimit { get; init; } = new(-0.2, 0.2);

    /// <summary>True: brightness is a fraction of the pixel's full range; false: of the image's mean.</summary>
    public bool BrightnessByMax { get; init; } = true;

    /// <summary>Probability in [0, 1].</summary>
    public double P { get; init; } = 0.5;
}

/// <summary>What was drawn: v becomes v × Contrast + Brightness × (full range or mean).</summary>
public readonly record struct BrightnessContrast(double Contrast, double Brightness);

/// <summary>Scales and shifts intensities; what leaves the pixel's range is clipped, fractions are cut off.</summary>
/// <remarks>
/// Pixels agree with Albumentations 2.0.8 on 8-bit images: single-precision arithmetic on purpose. 16-bit images, which it
/// does not know, follow the same formula with 65535 as full range.
/// </remarks>
[Augmentation("RandomBrightnessContrast")]
public sealed class RandomBrightnessContrast(RandomBrightnessContrastOptions options) : IntensityAugmentation<BrightnessContrast>(options.P)
{
    private readonly Interval _brightness = options.BrightnessLimit.Checked("brightness_limit", -1, 1);
    private readonly Interval _contrast = options.ContrastLimit.Checked("contrast_limit", -1);
    private readonly bool _byMax = options.BrightnessByMax;

    /// <inheritdoc/>
    protected override BrightnessContrast DrawParameters(ref RandomStream random, in DrawContext context) =>
        new(1 + _contrast.Draw(ref random), _brightness.Draw(ref random));

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, BrightnessContrast draw, Workspace workspace)
    {
        var factor = (float)draw.Contrast;
        var summand = (float)(draw.Brightness * (_byMax ? from.MaxValue : Mean(from)));
        PixelTable.Apply(from, to, v => (v * factor) + summand, workspace);
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
