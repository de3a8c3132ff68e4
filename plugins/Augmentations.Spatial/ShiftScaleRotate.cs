using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Spatial;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record ShiftScaleRotateOptions : WarpOptions
{
    /// <summary>Interval of both shifts as a fraction of width and height; x alone means [−x, x].</summary>
    [Within(-1, 1)]
    public Interval ShiftLimit { get; init; } = new(-0.0625, 0.0625);

    /// <summary>Interval of the shift as a fraction of the width, where it is not shift_limit.</summary>
    [Within(-1, 1)]
    public Interval? ShiftLimitX { get; init; }

    /// <summary>Interval of the shift as a fraction of the height, where it is not shift_limit.</summary>
    [Within(-1, 1)]
    public Interval? ShiftLimitY { get; init; }

    /// <summary>Interval of the scale less 1; x alone means [−x, x]. Version 2 draws rows and columns apart, 1.x one for both.</summary>
    [Within(-1, 100, MinimumIsExclusive = true)]
    public Interval ScaleLimit { get; init; } = new(-0.1, 0.1);

    /// <summary>Interval of the angle in degrees, counter-clockwise; x alone means [−x, x].</summary>
    [Within(-360, 360)]
    public Interval RotateLimit { get; init; } = new(-45, 45);

    /// <summary>largest_box or ellipse: a rule for boxes, read and without effect on masks.</summary>
    public RotateMethod RotateMethod { get; init; } = RotateMethod.LargestBox;
}

/// <summary>Scales and turns about the centre, then shifts by whole pixels.</summary>
[Augmentation("ShiftScaleRotate")]
public sealed class ShiftScaleRotate(ShiftScaleRotateOptions options) : AffineAugmentation(options)
{
    /// <inheritdoc/>
    protected override AffineDraw DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var (x, y) = ((options.ShiftLimitX ?? options.ShiftLimit).Draw(ref random), (options.ShiftLimitY ?? options.ShiftLimit).Draw(ref random));
        var (scaleX, scaleY) = (1 + options.ScaleLimit.Draw(ref random), 1 + options.ScaleLimit.Draw(ref random));
        return new AffineDraw(options.RotateLimit.Draw(ref random), scaleX, options.Old ? scaleX : scaleY, (int)(x * context.Frame.Width), (int)(y * context.Frame.Height));
    }
}
