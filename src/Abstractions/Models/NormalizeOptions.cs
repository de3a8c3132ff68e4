using System.ComponentModel.DataAnnotations;

namespace Osteon.Abstractions;

/// <summary>How grey levels become what a network is fed with, and weights have to be used with what they were trained with.</summary>
public abstract record NormalizeOptions
{
    /// <summary>Mean 0 and deviation 1 over each image.</summary>
    public static NormalizeOptions ZScore { get; } = new ZScoreOptions();
}

/// <summary>Mean 0 and deviation 1 over each image: no matter how it was exposed.</summary>
[Named("ZScore")]
public sealed record ZScoreOptions : NormalizeOptions
{
    /// <summary>Added to the deviation, in grey levels, so that what is nearly constant is not blown up; null: 0.</summary>
    [Range(0.0, 1e6)]
    public double? Epsilon { get; init; }

    /// <summary>What is fed is kept in [−clip, clip]; null: it is not.</summary>
    [Range(0.0, 1e6, MinimumIsExclusive = true)]
    public double? Clip { get; init; }
}

/// <summary>The same line for every image, as weights trained on photographs expect: (level × range / max − mean) / std.</summary>
[Named("Fixed")]
public sealed record FixedOptions : NormalizeOptions, IValidatableObject
{
    /// <summary>By image channel, on the scale of the range; one number for all, three for weights of colour.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0];

    /// <summary>By image channel, as many as the means, each above 0.</summary>
    public IReadOnlyList<double> Std { get; init; } = [1];

    /// <summary>What black and <see cref="Max"/> become before the mean is taken away.</summary>
    public Interval Range { get; init; } = new(0, 1);

    /// <summary>The grey level at the range's upper end; null: 255 of 8-bit images, 65535 of 16-bit ones.</summary>
    [Range(0.0, 65535.0, MinimumIsExclusive = true)]
    public double? Max { get; init; }

    /// <summary>Interval of grey levels; those beyond are taken for its ends first, as nnU-Net does with CT. Null: none are.</summary>
    [Within(0, 65535)]
    public Interval? Clip { get; init; }

    /// <summary>
    /// Slope and offset of an image channel. Where the network takes as many channels as there are means, each has its own; one channel
    /// has their average, as its convolution is the sum of the colours'; other numbers take them in turn.
    /// </summary>
    /// <param name="channel">From 0.</param>
    /// <param name="channels">That the network takes.</param>
    /// <param name="brightest">The brightest value a pixel can have.</param>
    public (float Scale, float Offset) Line(int channel, int channels, int brightest)
    {
        var (mean, std) = channels == 1 ? (Mean.Average(), Std.Average()) : (Mean[channel % Mean.Count], Std[channel % Std.Count]);
        return ((float)((Range.High - Range.Low) / (Max ?? brightest) / std), (float)((Range.Low - mean) / std));
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Mean.Count is 0 or > 64 || Mean.Count != Std.Count)
        {
            yield return new ValidationResult($"has {Mean.Count} means and {Std.Count} deviations; expected as many of each, one or one for each image channel.", ["mean"]);
        }

        if (Std.Any(std => !(std > 0)))
        {
            yield return new ValidationResult("has a deviation that is not above 0.", ["std"]);
        }

        if (!(Range.Low < Range.High))
        {
            yield return new ValidationResult($"is {Range}; expected [low, high] with low < high.", ["range"]);
        }
    }
}

/// <summary>Each image's darkest level becomes 0, its brightest 1; a constant image becomes 0.</summary>
[Named("MinMax")]
public sealed record MinMaxOptions : NormalizeOptions
{
    /// <summary>Added to what lies between both, in grey levels; null: 0.</summary>
    [Range(0.0, 1e6)]
    public double? Epsilon { get; init; }
}

/// <summary>
/// Each image's lower percentile becomes 0, its upper 1. Levels beyond are not clipped unless asked for: an implant stays brighter than
/// bone. An image whose percentiles are one level becomes 0.
/// </summary>
[Named("Percentile")]
public sealed record PercentileOptions : NormalizeOptions, IValidatableObject
{
    /// <summary>The percentile that becomes 0.</summary>
    [Range(0.0, 100.0)]
    public double Lower { get; init; } = 0.5;

    /// <summary>The percentile that becomes 1.</summary>
    [Range(0.0, 100.0)]
    public double Upper { get; init; } = 99.5;

    /// <summary>True: levels beyond the percentiles are taken for the percentiles.</summary>
    public bool? Clip { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!(Lower < Upper))
        {
            yield return new ValidationResult($"is {Lower.ToString(System.Globalization.CultureInfo.InvariantCulture)}, not below upper.", [nameof(Lower)]);
        }
    }
}

/// <summary>What a published set of the encoder's weights was trained with.</summary>
[Named("Published")]
public sealed record PublishedOptions : NormalizeOptions
{
    /// <summary>The set; null: the one the encoder starts from.</summary>
    public string? Weights { get; init; }

    /// <summary>The grey level that stands for white; null: 255 of 8-bit images, 65535 of 16-bit ones.</summary>
    [Range(1, 65535)]
    public int? Max { get; init; }
}
