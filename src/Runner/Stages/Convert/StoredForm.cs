using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>How images become those that networks see: what of them, at which size, by which rule.</summary>
/// <param name="Size">Longer side in pixels; 0 keeps them.</param>
/// <param name="Spacing">Size of a pixel instead, where files tell theirs.</param>
/// <param name="Crop">What is kept.</param>
/// <param name="Resampling">The rule.</param>
internal sealed record StoredForm(int Size, Spacing? Spacing = null, Cropping? Crop = null, ResamplingKind? Resampling = null)
{
    // A file's claim can be anything.
    private const int LargestSide = 16384;
    private const long LargestGrowth = 16;

    /// <summary>That of an experiment.</summary>
    /// <param name="plan">Its convert.</param>
    /// <param name="size">The model's own, or convert.size.</param>
    public static StoredForm Of(ConvertPlan plan, int size) => new(size, plan.Spacing, plan.Crop, plan.Resampling);

    /// <summary>Whether pixels are of cubic splines, and labels by linear shares.</summary>
    public bool IsSpline => Resampling == ResamplingKind.Spline;

    /// <summary>The part of an image that is kept; null: all of it.</summary>
    public Box? BoxOf(Image image) => Crop == Cropping.Nonzero ? Nonzero.Box(image) : null;

    /// <summary>The frame a part of an image is stored and predicted in.</summary>
    public Frame FrameOf(Image image, Box? box)
    {
        var kept = box?.Size ?? image.Frame;
        if (Spacing is { } wanted && image.Origin.Spacing is { Row: > 0, Column: > 0 } own)
        {
            return new Frame(Resampled(kept.Height, own.Row / wanted.Row), Resampled(kept.Width, own.Column / wanted.Column));
        }

        var longer = Math.Max(kept.Height, kept.Width);
        return Size == 0 || Size >= longer ? kept : new Frame(Scaled(kept.Height, longer), Scaled(kept.Width, longer));
    }

    /// <summary>Why an image cannot be stored; null when it can.</summary>
    public string? Refusal(Image image)
    {
        var box = BoxOf(image);
        var (kept, frame) = (box?.Size ?? image.Frame, FrameOf(image, box));
        return frame.Height > LargestSide || frame.Width > LargestSide || (long)frame.Height * frame.Width > LargestGrowth * kept.Area
            ? $"says that a pixel measures {image.Origin.Spacing}: {kept} pixels would become {frame} at convert.spacing {Spacing}"
            : null;
    }

    /// <summary>The image as networks see it.</summary>
    public Image Of(Image image)
    {
        var box = BoxOf(image);
        var (kept, frame) = (box is { } part ? Nonzero.Cut(image, part) : image, FrameOf(image, box));
        return IsSpline ? Spline.Of(kept, frame)
            : frame.Height > kept.Frame.Height || frame.Width > kept.Frame.Width ? Resize.Linear(kept, frame)
            : Resize.Area(kept, frame);
    }

    /// <summary>Masks of what networks see, one a class, in the whole image's frame; where nothing was seen nothing is, but in multiclass mode the first class, as nnU-Net's label 0.</summary>
    public static IReadOnlyList<Mask> Whole(IReadOnlyList<Mask> masks, Box? box, Frame original, LabelMode mode)
    {
        if (box is not { } part)
        {
            return masks;
        }

        Mask[] placed = [.. masks.Select(mask => part.Place(mask, original))];
        if (mode == LabelMode.Multiclass)
        {
            placed[0] = placed[0].Union(part.Place(Mask.Full(part.Size), original).Complement());
        }

        return placed;
    }

    /// <summary>A stored image at its original size, black where nothing of it was stored.</summary>
    public static Image Whole(Image image, StoredCase stored)
    {
        var seen = Resize.Linear(image, stored.Shown);
        return stored.Crop is { } box ? Nonzero.Place(seen, box, stored.Original) : seen;
    }

    private static int Resampled(int side, double factor) => (int)Math.Clamp(Math.Round(side * factor), 1, int.MaxValue);

    private int Scaled(int side, int longer) => Math.Max(1, (int)Math.Round((double)side * Size / longer));
}
