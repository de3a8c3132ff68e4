using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Intensity;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record GaussNoiseOptions : CompatibleOptions
{
    /// <summary>Interval of the standard deviation as a fraction of the full range.</summary>
    [Within(0, 1)]
    public Interval StdRange { get; init; } = new(0.2, 0.44);

    /// <summary>Interval of the mean as a fraction of the full range.</summary>
    [Within(-1, 1)]
    public Interval MeanRange { get; init; } = new(0, 0);

    /// <summary>The noise is drawn on a grid smaller by this factor, and spread over the image bilinearly.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double NoiseScaleFactor { get; init; } = 1;

    /// <summary>Version 1's interval of the variance, in squares of 255 levels, instead of std_range; x alone means [0, x]. In 1.x [10, 50].</summary>
    [Within(0, 65025, AloneFrom = 0)]
    public Interval? VarLimit { get; init; }

    /// <summary>Version 1's mean, in 255 levels, beside var_limit.</summary>
    [Range(-255.0, 255.0)]
    public double Mean { get; init; }
}

/// <summary>What was drawn.</summary>
/// <param name="Mean">As a fraction of the full range.</param>
/// <param name="Deviation">As a fraction of the full range.</param>
/// <param name="Key">Of the noise itself.</param>
public readonly record struct NoiseDraw(double Mean, double Deviation, ulong Key);

/// <summary>Adds independent normal noise to each pixel; what leaves the pixel's range is clipped, fractions are cut off.</summary>
/// <remarks>Normal numbers come from a table of 65536 quantiles, so that they reach 4.3 deviations far, and no farther.</remarks>
[Augmentation("GaussNoise")]
public sealed class GaussNoise(GaussNoiseOptions options) : IntensityAugmentation<NoiseDraw>(options.Checked().P)
{
    private readonly Interval? _variance = options.VarLimit ?? (options.Old ? new(10, 50) : null);

    /// <inheritdoc/>
    protected override NoiseDraw DrawParameters(ref RandomStream random, in DrawContext context)
    {
        if (_variance is { } variance)
        {
            return new NoiseDraw(options.Mean / byte.MaxValue, Math.Sqrt(variance.Draw(ref random)) / byte.MaxValue, random.NextUInt64());
        }

        var deviation = options.StdRange.Draw(ref random);
        return new NoiseDraw(options.MeanRange.Draw(ref random), deviation, random.NextUInt64());
    }

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, NoiseDraw draw, Workspace workspace) =>
        Noise.Add(from, to, NormalQuantiles.Table, draw.Mean, draw.Deviation, draw.Key, options.NoiseScaleFactor, workspace);
}
