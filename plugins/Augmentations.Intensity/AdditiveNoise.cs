using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Intensity;

/// <summary>A distribution that noise is drawn from.</summary>
public enum NoiseType
{
    /// <summary>Every number of an interval is as likely.</summary>
    Uniform,

    /// <summary>The normal distribution.</summary>
    Gaussian,

    /// <summary>Two exponential tails.</summary>
    Laplace,

    /// <summary>The beta distribution, stretched to [−scale, scale].</summary>
    Beta,
}

/// <summary>Whether pixels share what was drawn.</summary>
public enum NoiseSpatialMode
{
    /// <summary>One number for the whole image.</summary>
    Constant,

    /// <summary>A number a pixel.</summary>
    PerPixel,

    /// <summary>A number a pixel, the same for all channels: here the same as per_pixel.</summary>
    Shared,
}

/// <summary>Intervals of a distribution's parameters, as fractions of the full range; those that the distribution does not have are not written.</summary>
public sealed record NoiseParams
{
    /// <summary>uniform: the interval, in a list. [[-0.1, 0.1]].</summary>
    public IReadOnlyList<Interval>? Ranges { get; init; }

    /// <summary>gaussian, laplace: interval of the mean. [0, 0].</summary>
    [Within(-1, 1)]
    public Interval? MeanRange { get; init; }

    /// <summary>gaussian: interval of the deviation. [0.05, 0.15].</summary>
    [Within(0, 1)]
    public Interval? StdRange { get; init; }

    /// <summary>laplace, beta: interval of the scale. [0.05, 0.15]; beta [0.1, 0.3].</summary>
    [Within(0, 1)]
    public Interval? ScaleRange { get; init; }

    /// <summary>beta: interval of alpha. [0.5, 1.5].</summary>
    [Within(0, 1000, MinimumIsExclusive = true)]
    public Interval? AlphaRange { get; init; }

    /// <summary>beta: interval of beta. [0.5, 1.5].</summary>
    [Within(0, 1000, MinimumIsExclusive = true)]
    public Interval? BetaRange { get; init; }
}

/// <summary>Albumentations' options and defaults.</summary>
public sealed record AdditiveNoiseOptions : AugmentationOptions, IValidatableObject
{
    /// <summary>uniform, gaussian, laplace or beta.</summary>
    public NoiseType NoiseType { get; init; } = NoiseType.Uniform;

    /// <summary>constant, per_pixel or shared.</summary>
    public NoiseSpatialMode SpatialMode { get; init; } = NoiseSpatialMode.Constant;

    /// <summary>The distribution's parameters; ranges, mean_range, std_range, scale_range, alpha_range, beta_range.</summary>
    public NoiseParams? NoiseParams { get; init; }

    /// <summary>Below 1 the noise is drawn on a grid smaller by this factor, and spread over the image bilinearly.</summary>
    [Range(0.0, 1.0)]
    public double Approximation { get; init; } = 1;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var given = NoiseParams?.Checked() ?? new NoiseParams();
        (string Name, bool Written, bool Belongs)[] all =
        [
            ("ranges", given.Ranges is not null, NoiseType == NoiseType.Uniform),
            ("mean_range", given.MeanRange is not null, NoiseType is NoiseType.Gaussian or NoiseType.Laplace),
            ("std_range", given.StdRange is not null, NoiseType == NoiseType.Gaussian),
            ("scale_range", given.ScaleRange is not null, NoiseType is NoiseType.Laplace or NoiseType.Beta),
            ("alpha_range", given.AlphaRange is not null, NoiseType == NoiseType.Beta),
            ("beta_range", given.BetaRange is not null, NoiseType == NoiseType.Beta),
        ];
        foreach (var (name, _, _) in all.Where(a => a.Written && !a.Belongs))
        {
            yield return new ValidationResult(
                $"has {name}, which {NoiseType.ToString().ToLowerInvariant()} noise has not; it has {string.Join(", ", all.Where(a => a.Belongs).Select(a => a.Name))}.", [nameof(NoiseParams)]);
        }

        if (given.Ranges is { } ranges && !(ranges is [{ Low: >= -1, High: <= 1 } only] && only.Low <= only.High))
        {
            yield return new ValidationResult("has ranges that are not one interval [[low, high]] in [-1, 1]: the image has one channel.", [nameof(NoiseParams)]);
        }
    }
}

/// <summary>What was drawn.</summary>
/// <param name="Offset">Of the distribution, as a fraction of the full range.</param>
/// <param name="Scale">Of the distribution, as a fraction of the full range.</param>
/// <param name="Alpha">Of the beta distribution.</param>
/// <param name="Beta">Of the beta distribution.</param>
/// <param name="Key">Of the noise itself; where all pixels share one number, that number's.</param>
public readonly record struct AdditiveNoiseDraw(double Offset, double Scale, double Alpha, double Beta, ulong Key);

/// <summary>Adds noise of one of four distributions; what leaves the pixel's range is clipped, fractions are cut off.</summary>
/// <remarks>Uniform noise a pixel is <c>{noise_type: uniform, spatial_mode: per_pixel}</c>; Albumentations' default is one number for the image.</remarks>
[Augmentation("AdditiveNoise")]
public sealed class AdditiveNoise(AdditiveNoiseOptions options) : IntensityAugmentation<AdditiveNoiseDraw>(options.Checked().P)
{
    private readonly NoiseParams _params = options.NoiseParams ?? new NoiseParams();

    /// <inheritdoc/>
    protected override AdditiveNoiseDraw DrawParameters(ref RandomStream random, in DrawContext context)
    {
        switch (options.NoiseType)
        {
            case NoiseType.Uniform:
                var range = _params.Ranges?[0] ?? new Interval(-0.1, 0.1);
                return new AdditiveNoiseDraw(range.Low, range.High - range.Low, 1, 1, random.NextUInt64());
            case NoiseType.Beta:
                var (alpha, beta) = ((_params.AlphaRange ?? new(0.5, 1.5)).Draw(ref random), (_params.BetaRange ?? new(0.5, 1.5)).Draw(ref random));
                var reach = (_params.ScaleRange ?? new(0.1, 0.3)).Draw(ref random);
                return new AdditiveNoiseDraw(-reach, 2 * reach, alpha, beta, random.NextUInt64());
            default:
                var mean = (_params.MeanRange ?? new(0, 0)).Draw(ref random);
                var scale = (options.NoiseType == NoiseType.Gaussian ? _params.StdRange : _params.ScaleRange) ?? new(0.05, 0.15);
                return new AdditiveNoiseDraw(mean, scale.Draw(ref random), 1, 1, random.NextUInt64());
        }
    }

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, AdditiveNoiseDraw draw, Workspace workspace)
    {
        ReadOnlySpan<float> quantiles = options.NoiseType switch
        {
            NoiseType.Uniform => Quantiles.Uniform,
            NoiseType.Gaussian => NormalQuantiles.Table,
            NoiseType.Laplace => Quantiles.Laplace,
            _ => BetaQuantiles(draw, workspace),
        };
        if (options.SpatialMode == NoiseSpatialMode.Constant)
        {
            var quantile = quantiles[(ushort)draw.Key];
            PixelTable.Scale(from, to, 1, (float)Math.Truncate((draw.Offset + (draw.Scale * quantile)) * from.MaxValue), workspace);
            return;
        }

        Noise.Add(from, to, quantiles, draw.Offset, draw.Scale, draw.Key, Math.Max(options.Approximation, double.Epsilon), workspace);
    }

    private static ReadOnlySpan<float> BetaQuantiles(AdditiveNoiseDraw draw, Workspace workspace)
    {
        var table = workspace.Numbers<float>(Quantiles.Count);
        Quantiles.Beta(draw.Alpha, draw.Beta, table);
        return table;
    }
}
