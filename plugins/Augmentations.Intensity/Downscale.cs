using Osteon.Abstractions;
using Osteon.Imaging;

namespace Osteon.Plugins.Augmentations.Intensity;

/// <summary>How a smaller image is made, and how it is made large again.</summary>
public sealed record InterpolationPair
{
    /// <summary>nearest, linear, cubic, area or lanczos4.</summary>
    public Interpolation Downscale { get; init; } = Interpolation.Nearest;

    /// <summary>nearest, linear, cubic, area or lanczos4.</summary>
    public Interpolation Upscale { get; init; } = Interpolation.Nearest;
}

/// <summary>Albumentations' options and defaults.</summary>
public sealed record DownscaleOptions : AugmentationOptions
{
    /// <summary>Interval of the factor.</summary>
    [Within(0, 1, MinimumIsExclusive = true)]
    public Interval ScaleRange { get; init; } = new(0.25, 0.25);

    /// <summary>Both nearest.</summary>
    public InterpolationPair InterpolationPair { get; init; } = new();
}

/// <summary>Makes the image smaller and large again, as if it had been taken at a lower resolution.</summary>
/// <remarks>cv2.resize twice, bit for bit. The draw is the factor.</remarks>
[Augmentation("Downscale")]
public sealed class Downscale(DownscaleOptions options) : IntensityAugmentation<double>(options.Checked().P)
{
    /// <inheritdoc/>
    protected override double DrawParameters(ref RandomStream random, in DrawContext context) => options.ScaleRange.Draw(ref random);

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, double draw, Workspace workspace) =>
        Filter.Downscale(from, to, draw, options.InterpolationPair.Downscale, options.InterpolationPair.Upscale);
}
