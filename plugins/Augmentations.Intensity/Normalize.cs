using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Intensity;

/// <summary>What grey levels are measured by.</summary>
public enum NormalizationKind
{
    /// <summary>Numbers that are the same for every image.</summary>
    Standard,

    /// <summary>The image's mean and deviation.</summary>
    Image,

    /// <summary>The same of each channel; images here have one.</summary>
    ImagePerChannel,

    /// <summary>The image's darkest and brightest level.</summary>
    MinMax,

    /// <summary>The same of each channel; images here have one.</summary>
    MinMaxPerChannel,

    /// <summary>Two percentiles of the image.</summary>
    Percentile,
}

/// <summary>Albumentations' options and defaults; percentile, percentiles and clip are in none of its versions.</summary>
public sealed record NormalizeTransformOptions : AugmentationOptions
{
    /// <summary>Always applied.</summary>
    public NormalizeTransformOptions() => P = 1;

    /// <summary>For standard: the mean of each channel as a fraction of max_pixel_value; a number alone for all. A network of one channel gets their average.</summary>
    [Within(-65535, 65535, AloneTwice = true)]
    public IReadOnlyList<double> Mean { get; init; } = [0.485, 0.456, 0.406];

    /// <summary>For standard: the deviation of each channel as a fraction of max_pixel_value; a number alone for all.</summary>
    [Within(0, 65535, MinimumIsExclusive = true, AloneTwice = true)]
    public IReadOnlyList<double> Std { get; init; } = [0.229, 0.224, 0.225];

    /// <summary>For standard: the grey level that counts as 1; null: 255 of 8-bit images, 65535 of 16-bit ones.</summary>
    [Range(0.0, 65535.0, MinimumIsExclusive = true)]
    public double? MaxPixelValue { get; init; } = 255;

    /// <summary>standard, image, image_per_channel, min_max, min_max_per_channel or percentile.</summary>
    public NormalizationKind Normalization { get; init; }

    /// <summary>For percentile: what become 0 and 1; levels beyond are taken for them.</summary>
    [Within(0, 100)]
    public Interval Percentiles { get; init; } = new(0.5, 99.5);

    /// <summary>For standard: interval of grey levels; those beyond are taken for its ends first, as nnU-Net does with CT. null: none are.</summary>
    [Within(0, 65535)]
    public Interval? Clip { get; init; }
}

/// <summary>What the network is fed with: the last of train.augment, or behind ToFloat.</summary>
/// <remarks>
/// With levels x of 0 to 255: standard is (x / max_pixel_value − mean) / std; image (x − mean) / (deviation + 0.0001), kept in [−20, 20]; min_max
/// (x − least) / (most − least), and min_max_per_channel with 0.0001 more below the line; percentile (x − lower) / (upper − lower), kept in [0, 1].
/// Validation and inference feed the network so too.
/// </remarks>
[Augmentation("Normalize")]
public sealed class Normalize : NormalizingAugmentation
{
    private const double Epsilon = 1e-4, Limit = 20;

    private readonly NormalizeTransformOptions _options;
    private readonly NormalizeOptions _meant;

    /// <summary>A normalisation.</summary>
    /// <exception cref="ConfigurationException">An option is outside its interval, or means and deviations are not as many.</exception>
    public Normalize(NormalizeTransformOptions options)
        : base(options.Checked().P)
    {
        _options = options;
        _meant = options.Normalization switch
        {
            NormalizationKind.Standard => Standard(options.MaxPixelValue),
            NormalizationKind.Image or NormalizationKind.ImagePerChannel => new ZScoreOptions { Epsilon = Epsilon, Clip = Limit },
            NormalizationKind.MinMax => new MinMaxOptions(),
            NormalizationKind.MinMaxPerChannel => new MinMaxOptions { Epsilon = Epsilon },
            NormalizationKind.Percentile => new PercentileOptions { Lower = options.Percentiles.Low, Upper = options.Percentiles.High, Clip = true }.Checked(),
            var other => throw new ConfigurationException($"normalization {other} is unknown."),
        };
    }

    /// <inheritdoc/>
    public override NormalizeOptions After(NormalizeOptions? earlier) => (earlier, _options.Normalization) switch
    {
        (null, _) => _meant,
        (FixedOptions { Mean: [0], Std: [1] } floats, NormalizationKind.Standard) when _options.MaxPixelValue == 1 => Standard(floats.Max),
        (FixedOptions { Mean: [0], Std: [1] }, NormalizationKind.Standard) => throw new ConfigurationException(
            $"max_pixel_value is {_options.MaxPixelValue?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null"}, but ToFloat before it leaves levels of 0 to 1. Write max_pixel_value: 1, or leave ToFloat out."),
        (FixedOptions { Mean: [0], Std: [1] }, _) => throw new ConfigurationException("measures the image by itself, so that ToFloat before it has no effect. Leave ToFloat out."),
        _ => throw new ConfigurationException("follows on another Normalize. Keep one."),
    };

    private FixedOptions Standard(double? max)
    {
        var channels = Math.Max(Channels(_options.Mean), Channels(_options.Std));
        return new FixedOptions { Mean = ForAll(_options.Mean, channels), Std = ForAll(_options.Std, channels), Max = max, Clip = _options.Clip }.Checked();
    }

    private static int Channels(IReadOnlyList<double> numbers) => numbers.Distinct().Count() == 1 ? 1 : numbers.Count;

    private static IReadOnlyList<double> ForAll(IReadOnlyList<double> numbers, int channels) =>
        Channels(numbers) == 1 ? [.. Enumerable.Repeat(numbers[0], channels)] : numbers;
}

/// <summary>Albumentations' options and defaults.</summary>
public sealed record ToFloatOptions : AugmentationOptions
{
    /// <summary>Always applied.</summary>
    public ToFloatOptions() => P = 1;

    /// <summary>The grey level that becomes 1; null: 255 of 8-bit images, 65535 of 16-bit ones.</summary>
    [Range(0.0, 65535.0, MinimumIsExclusive = true)]
    public double? MaxValue { get; init; }
}

/// <summary>Feeds the network with x / max_value: the last of train.augment, or before Normalize with max_pixel_value: 1.</summary>
/// <remarks>Validation and inference feed the network so too.</remarks>
[Augmentation("ToFloat")]
public sealed class ToFloat(ToFloatOptions options) : NormalizingAugmentation(options.Checked().P)
{
    /// <inheritdoc/>
    public override NormalizeOptions After(NormalizeOptions? earlier) => earlier is null
        ? new FixedOptions { Max = options.MaxValue }
        : throw new ConfigurationException("divides what has been normalised already. Put it before Normalize, or leave it out.");
}
