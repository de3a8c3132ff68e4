using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>Options of crops that are brought to one size.</summary>
public abstract record SizedCropOptions : AugmentationOptions
{
    /// <summary>Height and width of the result.</summary>
    [Within(1, 32766)]
    public required Frame Size { get; init; }

    /// <summary>nearest, linear, cubic, area or lanczos4, for grey levels.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Linear;

    /// <summary>image or image_mask: grey levels are averaged over areas where the crop is made smaller. Label words are always read at the nearest.</summary>
    public AreaForDownscale? AreaForDownscale { get; init; }
}

/// <summary>Whether images are made smaller by area means.</summary>
public enum AreaForDownscale
{
    /// <summary>They are.</summary>
    Image,

    /// <summary>They are, and labels still are read at the nearest pixel, for a mean of classes is no class.</summary>
    ImageMask,
}

/// <summary>Crops a window and brings it to one size.</summary>
public abstract class SizedCropAugmentation(SizedCropOptions options) : SpatialAugmentation<CropWindow>(options.Checked().P)
{
    /// <inheritdoc/>
    protected sealed override Geometry Map(CropWindow draw, Frame frame)
    {
        var smaller = draw.Height > options.Size.Height || draw.Width > options.Size.Width;
        return new GridResize(draw.Top, draw.Left, new Frame(draw.Height, draw.Width), options.Size,
            smaller && options.AreaForDownscale is not null ? Interpolation.Area : options.Interpolation);
    }

    /// <summary>A window of a size at a place that is drawn.</summary>
    protected static CropWindow Anywhere(Frame frame, int height, int width, ref RandomStream random)
    {
        (height, width) = (Math.Min(height, frame.Height), Math.Min(width, frame.Width));
        return new CropWindow(random.NextInt(frame.Height - height + 1), random.NextInt(frame.Width - width + 1), height, width);
    }
}

/// <summary>Albumentations' options and defaults.</summary>
public sealed record RandomSizedCropOptions : SizedCropOptions
{
    /// <summary>Always applied where nothing else is said.</summary>
    public RandomSizedCropOptions() => P = 1;

    /// <summary>Interval of the crop's height in pixels.</summary>
    [Within(1, 32766)]
    public required WholeInterval MinMaxHeight { get; init; }

    /// <summary>The crop's width over its height.</summary>
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double W2hRatio { get; init; } = 1;
}

/// <summary>Crops a window of a height that is drawn, and brings it to one size.</summary>
[Augmentation("RandomSizedCrop")]
public sealed class RandomSizedCrop(RandomSizedCropOptions options) : SizedCropAugmentation(options)
{
    /// <inheritdoc/>
    protected override CropWindow DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var height = options.MinMaxHeight.Draw(ref random);
        return Anywhere(context.Frame, height, Math.Max(1, (int)(height * options.W2hRatio)), ref random);
    }
}

/// <summary>Albumentations' options and defaults.</summary>
public sealed record RandomResizedCropOptions : SizedCropOptions
{
    /// <summary>Always applied where nothing else is said.</summary>
    public RandomResizedCropOptions() => P = 1;

    /// <summary>Interval of the crop's area, as a share of the image's.</summary>
    [Within(0, 1, MinimumIsExclusive = true)]
    public Interval Scale { get; init; } = new(0.08, 1);

    /// <summary>Interval of the crop's width over its height.</summary>
    [Within(0, 1000, MinimumIsExclusive = true)]
    public Interval Ratio { get; init; } = new(0.75, 4.0 / 3);
}

/// <summary>Crops a window of an area and a shape that are drawn, and brings it to one size.</summary>
/// <remarks>Inception's crop: Szegedy et al. 2015, arXiv:1409.4842. After ten windows that do not fit it is the middle, as torchvision does.</remarks>
[Augmentation("RandomResizedCrop")]
public sealed class RandomResizedCrop(RandomResizedCropOptions options) : SizedCropAugmentation(options)
{
    /// <inheritdoc/>
    protected override CropWindow DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var frame = context.Frame;
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var area = options.Scale.Draw(ref random) * frame.Height * frame.Width;
            var shape = Math.Exp(random.NextDouble(Math.Log(options.Ratio.Low), Math.Log(options.Ratio.High)));
            var (width, height) = (Math.Round(Math.Sqrt(area * shape)), Math.Round(Math.Sqrt(area / shape)));
            if (width > 0 && width <= frame.Width && height > 0 && height <= frame.Height)
            {
                return Anywhere(frame, (int)height, (int)width, ref random);
            }
        }

        var ratio = (double)frame.Width / frame.Height;
        var (w, h) = ratio < options.Ratio.Low ? (frame.Width, Math.Max(1, (int)Math.Round(frame.Width / options.Ratio.Low)))
            : ratio > options.Ratio.High ? (Math.Max(1, (int)Math.Round(frame.Height * options.Ratio.High)), frame.Height)
            : (frame.Width, frame.Height);
        return new CropWindow((frame.Height - h) / 2, (frame.Width - w) / 2, h, w);
    }
}
