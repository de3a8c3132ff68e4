using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>Albumentations 2's options and defaults; fractions of the pixel's full range, where version 1 had variances.</summary>
public sealed record GaussNoiseOptions
{
    /// <summary>Interval of the standard deviation as a fraction of the full range, in [0, 1].</summary>
    public Interval StdRange { get; init; } = new(0.2, 0.44);

    /// <summary>Interval of the mean as a fraction of the full range, in [-1, 1].</summary>
    public Interval MeanRange { get; init; } = new(0, 0);

    /// <summary>Probability in [0, 1].</summary>
    public double P { get; init; } = 0.5;
}

/// <summary>What was drawn: mean and deviation as fractions of the full range, and the key of the noise itself.</summary>
public readonly record struct NoiseDraw(double Mean, double Deviation, ulong Key);

/// <summary>Adds independent normal noise to each pixel, rounds to the nearest value and clips to the pixel's range.</summary>
[Augmentation("GaussNoise")]
public sealed class GaussNoise(GaussNoiseOptions options) : IntensityAugmentation<NoiseDraw>(options.P)
{
    private readonly Interval _deviation = options.StdRange.Checked("std_range", 0, 1);
    private readonly Interval _mean = options.MeanRange.Checked("mean_range", -1, 1);

    /// <inheritdoc/>
    protected override NoiseDraw DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var deviation = _deviation.Draw(ref random);
        return new NoiseDraw(_mean.Draw(ref random), deviation, random.NextUInt64());
    }

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, NoiseDraw draw, Workspace workspace)
    {
        var noise = new RandomStream(draw.Key);
        var (mean, deviation, max) = (draw.Mean * from.MaxValue, draw.Deviation * from.MaxValue, from.MaxValue);
        if (from.BytesPerPixel == 1)
        {
            var source = from.Bytes;
            var target = to.Bytes;
            for (var i = 0; i < source.Length; i++)
            {
                target[i] = (byte)Math.Clamp(Math.Round(source[i] + mean + (deviation * noise.NextGaussian())), 0, max);
            }
        }
        else
        {
            var source = from.Pixels<ushort>();
            var target = to.Pixels<ushort>();
            for (var i = 0; i < source.Length; i++)
            {
                target[i] = (ushort)Math.Clamp(Math.Round(source[i] + mean + (deviation * noise.NextGaussian())), 0, max);
            }
        }
    }
}
