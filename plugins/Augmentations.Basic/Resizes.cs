using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>Options of resizes.</summary>
public abstract record ScalingOptions : AugmentationOptions
{
    /// <summary>nearest, linear, cubic, area or lanczos4, for grey levels.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Linear;

    /// <summary>image or image_mask: grey levels are averaged over areas where the image is made smaller. Label words are always read at the nearest.</summary>
    public AreaForDownscale? AreaForDownscale { get; init; }
}

/// <summary>Brings the whole image to another size. The draw is that size.</summary>
public abstract class ResizeAugmentation(ScalingOptions options) : SpatialAugmentation<Frame>(options.Checked().P)
{
    /// <summary>What a side may be.</summary>
    protected const int MaxSide = 32766;

    /// <inheritdoc/>
    protected sealed override Geometry Map(Frame draw, Frame frame)
    {
        var smaller = draw.Height < frame.Height || draw.Width < frame.Width;
        return new GridResize(frame, draw, smaller && options.AreaForDownscale is not null ? Interpolation.Area : options.Interpolation);
    }

    /// <summary>A size that OpenCV takes.</summary>
    protected static Frame Sized(double height, double width) => new((int)Math.Clamp(height, 1, MaxSide), (int)Math.Clamp(width, 1, MaxSide));
}

/// <summary>Albumentations' options and defaults.</summary>
public sealed record ResizeOptions : ScalingOptions
{
    /// <summary>Always applied where nothing else is said.</summary>
    public ResizeOptions() => P = 1;

    /// <summary>Rows of the result.</summary>
    [Range(1, 32766)]
    public required int Height { get; init; }

    /// <summary>Columns of the result.</summary>
    [Range(1, 32766)]
    public required int Width { get; init; }
}

/// <summary>Brings each image to the same size, whatever becomes of its shape.</summary>
[Augmentation("Resize")]
public sealed class Resize(ResizeOptions options) : ResizeAugmentation(options)
{
    /// <inheritdoc/>
    protected override Frame DrawParameters(ref RandomStream random, in DrawContext context) => new(options.Height, options.Width);
}

/// <summary>Albumentations' options and defaults.</summary>
public sealed record RandomScaleOptions : ScalingOptions
{
    /// <summary>Interval of the factor, less 1; x alone means [−x, x].</summary>
    [Within(-1, 100, MinimumIsExclusive = true)]
    public Interval ScaleLimit { get; init; } = new(-0.1, 0.1);
}

/// <summary>Makes the image larger or smaller; its shape stays.</summary>
[Augmentation("RandomScale")]
public sealed class RandomScale(RandomScaleOptions options) : ResizeAugmentation(options)
{
    /// <inheritdoc/>
    protected override Frame DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var factor = 1 + options.ScaleLimit.Draw(ref random);
        return Sized(Math.Floor(context.Frame.Height * factor), Math.Floor(context.Frame.Width * factor));
    }
}

/// <summary>Albumentations' options and defaults.</summary>
public sealed record MaxSizeOptions : ScalingOptions, IValidatableObject
{
    /// <summary>Always applied where nothing else is said.</summary>
    public MaxSizeOptions() => P = 1;

    /// <summary>The side's length in pixels, or several of which one is drawn.</summary>
    [Within(1, 32766, AloneTwice = true)]
    public IReadOnlyList<int>? MaxSize { get; init; } = [1024];

    /// <summary>Instead of max_size, lengths for both sides: [height, width].</summary>
    [Within(1, 32766)]
    public Frame? MaxSizeHw { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxSize is not { Count: > 0 } && MaxSizeHw is null)
        {
            yield return new ValidationResult("is empty, and so is max_size_hw. Write one of them.", [nameof(MaxSize)]);
        }
    }
}

/// <summary>Brings the longer side to a length; the shape stays.</summary>
[Augmentation("LongestMaxSize")]
public sealed class LongestMaxSize(MaxSizeOptions options) : ResizeAugmentation(options)
{
    /// <inheritdoc/>
    protected override Frame DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var (height, width) = context.Frame;
        var factor = options.MaxSizeHw is { } both
            ? Math.Min((double)both.Height / height, (double)both.Width / width)
            : (double)options.MaxSize![random.NextInt(options.MaxSize.Count)] / Math.Max(height, width);
        return Sized(Math.Round(height * factor), Math.Round(width * factor));
    }
}

/// <summary>Brings the shorter side to a length; the shape stays.</summary>
[Augmentation("SmallestMaxSize")]
public sealed class SmallestMaxSize(MaxSizeOptions options) : ResizeAugmentation(options)
{
    /// <inheritdoc/>
    protected override Frame DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var (height, width) = context.Frame;
        var factor = options.MaxSizeHw is { } both
            ? Math.Max((double)both.Height / height, (double)both.Width / width)
            : (double)options.MaxSize![random.NextInt(options.MaxSize.Count)] / Math.Min(height, width);
        return Sized(Math.Round(height * factor), Math.Round(width * factor));
    }
}
