using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Imaging;

namespace Osteon.Plugins.Augmentations.NnUnet;

/// <summary>nnU-Net's interval of factors: as likely below 1 as above, where the interval has both.</summary>
internal static class AroundOne
{
    public static double Draw(ref RandomStream random, Interval interval)
    {
        var below = random.NextDouble() < 0.5 && interval.Low < 1;
        return below ? random.NextDouble(interval.Low, Math.Min(1, interval.High)) : random.NextDouble(Math.Max(interval.Low, interval.High < 1 ? interval.Low : 1), interval.High);
    }
}

/// <summary>nnU-Net's options and defaults.</summary>
public sealed record GaussianNoiseTransformOptions : AugmentationOptions
{
    /// <summary>nnU-Net's defaults.</summary>
    public GaussianNoiseTransformOptions() => P = 0.1;

    /// <summary>Interval of the noise's deviation (nnU-Net calls it so), in deviations of the image.</summary>
    [Within(0, 10)]
    public Interval NoiseVariance { get; init; } = new(0, 0.1);
}

/// <summary>What was drawn.</summary>
/// <param name="Deviation">Of the noise, in deviations of the image.</param>
/// <param name="Key">Of the noise itself.</param>
public readonly record struct NoiseTransformDraw(double Deviation, ulong Key);

/// <summary>Adds normal noise.</summary>
[Augmentation("GaussianNoiseTransform")]
public sealed class GaussianNoiseTransform(GaussianNoiseTransformOptions options) : IntensityAugmentation<NoiseTransformDraw>(options.Checked().P)
{
    /// <inheritdoc/>
    protected override NoiseTransformDraw DrawParameters(ref RandomStream random, in DrawContext context) =>
        new(options.NoiseVariance.Draw(ref random), random.NextUInt64());

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, NoiseTransformDraw draw, Workspace workspace)
    {
        var plane = GreyPlane.Read(from, workspace, out var statistics);
        var random = new RandomStream(draw.Key);
        var bits = 0ul;
        var scale = (float)(draw.Deviation * statistics.Deviation);
        var table = NormalQuantiles.Table;
        for (var i = 0; i < plane.Length; i++)
        {
            bits = (i & 3) == 0 ? random.NextUInt64() : bits >> 16;
            plane[i] += scale * table[(ushort)bits];
        }

        GreyPlane.Write(plane, to);
    }
}

/// <summary>nnU-Net's options and defaults.</summary>
public sealed record GaussianBlurTransformOptions : AugmentationOptions
{
    /// <summary>nnU-Net's defaults.</summary>
    public GaussianBlurTransformOptions() => P = 0.1;

    /// <summary>Interval of sigma, in pixels.</summary>
    [Within(0, 1000, MinimumIsExclusive = true)]
    public Interval BlurSigma { get; init; } = new(0.5, 1);
}

/// <summary>Blurs by a bell. The draw is its sigma.</summary>
/// <remarks>nnU-Net blurs a fifth of the samples and then half of their channels; of a single channel that is p = 0.1.</remarks>
[Augmentation("GaussianBlurTransform")]
public sealed class GaussianBlurTransform(GaussianBlurTransformOptions options) : IntensityAugmentation<double>(options.Checked().P)
{
    /// <inheritdoc/>
    protected override double DrawParameters(ref RandomStream random, in DrawContext context) => options.BlurSigma.Draw(ref random);

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, double draw, Workspace workspace) => Filter.GaussianBlur(from, to, 0, draw);
}

/// <summary>nnU-Net's options and defaults.</summary>
public sealed record MultiplicativeBrightnessTransformOptions : AugmentationOptions
{
    /// <summary>nnU-Net's default.</summary>
    public MultiplicativeBrightnessTransformOptions() => P = 0.15;

    /// <summary>Interval of the factor; as often below 1 as above.</summary>
    [Within(0, 100, MinimumIsExclusive = true)]
    public Interval MultiplierRange { get; init; } = new(0.75, 1.25);
}

/// <summary>Multiplies the image's distances from its mean, as a factor does to an image of mean 0. The draw is the factor.</summary>
[Augmentation("MultiplicativeBrightnessTransform")]
public sealed class MultiplicativeBrightnessTransform(MultiplicativeBrightnessTransformOptions options) : IntensityAugmentation<double>(options.Checked().P)
{
    /// <inheritdoc/>
    protected override double DrawParameters(ref RandomStream random, in DrawContext context) => AroundOne.Draw(ref random, options.MultiplierRange);

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, double draw, Workspace workspace)
    {
        var plane = GreyPlane.Read(from, workspace, out var statistics);
        GreyPlane.Spread(plane, (float)statistics.Mean, (float)draw, float.MinValue, float.MaxValue);
        GreyPlane.Write(plane, to);
    }
}

/// <summary>nnU-Net's options and defaults.</summary>
public sealed record ContrastTransformOptions : AugmentationOptions
{
    /// <summary>nnU-Net's default.</summary>
    public ContrastTransformOptions() => P = 0.15;

    /// <summary>Interval of the factor; as often below 1 as above.</summary>
    [Within(0, 100, MinimumIsExclusive = true)]
    public Interval ContrastRange { get; init; } = new(0.75, 1.25);

    /// <summary>True: what leaves the image's range before is clipped to it.</summary>
    public bool PreserveRange { get; init; } = true;
}

/// <summary>Multiplies the image's distances from its mean. The draw is the factor.</summary>
[Augmentation("ContrastTransform")]
public sealed class ContrastTransform(ContrastTransformOptions options) : IntensityAugmentation<double>(options.Checked().P)
{
    /// <inheritdoc/>
    protected override double DrawParameters(ref RandomStream random, in DrawContext context) => AroundOne.Draw(ref random, options.ContrastRange);

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, double draw, Workspace workspace)
    {
        var plane = GreyPlane.Read(from, workspace, out var statistics);
        var (low, high) = options.PreserveRange ? (statistics.Low, statistics.High) : (float.MinValue, float.MaxValue);
        GreyPlane.Spread(plane, (float)statistics.Mean, (float)draw, low, high);
        GreyPlane.Write(plane, to);
    }
}

/// <summary>nnU-Net's options and defaults.</summary>
public sealed record SimulateLowResolutionTransformOptions : AugmentationOptions
{
    /// <summary>nnU-Net's defaults.</summary>
    public SimulateLowResolutionTransformOptions() => P = 0.125;

    /// <summary>Interval of the factor.</summary>
    [Within(0, 1, MinimumIsExclusive = true)]
    public Interval Scale { get; init; } = new(0.5, 1);
}

/// <summary>Makes the image smaller by the nearest pixel and large again bilinearly. The draw is the factor.</summary>
/// <remarks>nnU-Net does it to a quarter of the samples and then to half of their channels; of a single channel that is p = 0.125.</remarks>
[Augmentation("SimulateLowResolutionTransform")]
public sealed class SimulateLowResolutionTransform(SimulateLowResolutionTransformOptions options) : IntensityAugmentation<double>(options.Checked().P)
{
    /// <inheritdoc/>
    protected override double DrawParameters(ref RandomStream random, in DrawContext context) => options.Scale.Draw(ref random);

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, double draw, Workspace workspace) =>
        Filter.Downscale(from, to, draw, Interpolation.Nearest, Interpolation.Linear);
}

/// <summary>nnU-Net's options and defaults.</summary>
public sealed record GammaTransformOptions : AugmentationOptions
{
    /// <summary>nnU-Net's default; its second gamma transform inverts the image and has p = 0.1.</summary>
    public GammaTransformOptions() => P = 0.3;

    /// <summary>Interval of the exponent; as often below 1 as above.</summary>
    [Within(0, 100, MinimumIsExclusive = true)]
    public Interval Gamma { get; init; } = new(0.7, 1.5);

    /// <summary>How often the image is inverted before and after.</summary>
    [Range(0.0, 1.0)]
    public double PInvertImage { get; init; }

    /// <summary>How often the image keeps its mean and deviation.</summary>
    [Range(0.0, 1.0)]
    public double PRetainStats { get; init; } = 1;
}

/// <summary>What was drawn.</summary>
/// <param name="Gamma">The exponent.</param>
/// <param name="Invert">Whether the image is inverted before and after.</param>
/// <param name="RetainStats">Whether it keeps its mean and deviation.</param>
public readonly record struct GammaDraw(double Gamma, bool Invert, bool RetainStats);

/// <summary>Each intensity, as a fraction of the image's own range, becomes v^gamma.</summary>
[Augmentation("GammaTransform")]
public sealed class GammaTransform(GammaTransformOptions options) : IntensityAugmentation<GammaDraw>(options.Checked().P)
{
    /// <inheritdoc/>
    protected override GammaDraw DrawParameters(ref RandomStream random, in DrawContext context) =>
        new(AroundOne.Draw(ref random, options.Gamma), random.NextDouble() < options.PInvertImage, random.NextDouble() < options.PRetainStats);

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, GammaDraw draw, Workspace workspace)
    {
        var plane = GreyPlane.Read(from, workspace, out var before);
        var range = Math.Max(before.High - before.Low, 1e-7f);
        var table = GreyPlane.Table(from, workspace);
        for (var v = 0; v < table.Length; v++)
        {
            var share = Math.Clamp((v - before.Low) / range, 0f, 1f);
            table[v] = before.Low + (range * (draw.Invert ? 1 - MathF.Pow(1 - share, (float)draw.Gamma) : MathF.Pow(share, (float)draw.Gamma)));
        }

        GreyPlane.Map(from, plane, table);
        if (draw.RetainStats)
        {
            var after = GreyPlane.Statistics(plane);
            var factor = before.Deviation / Math.Max(after.Deviation, 1e-7);
            for (var i = 0; i < plane.Length; i++)
            {
                plane[i] = (float)(((plane[i] - after.Mean) * factor) + before.Mean);
            }
        }

        GreyPlane.Write(plane, to);
    }
}
