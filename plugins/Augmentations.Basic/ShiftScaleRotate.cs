using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record ShiftScaleRotateOptions : AffineOptions
{
    /// <summary>Interval of both shifts as a fraction of width and height, in [-1, 1].</summary>
    public Interval ShiftLimit { get; init; } = new(-0.0625, 0.0625);

    /// <summary>Interval of the scale less 1, above -1. Rows and columns are drawn apart.</summary>
    public Interval ScaleLimit { get; init; } = new(-0.1, 0.1);

    /// <summary>Interval of the angle in degrees, counter-clockwise.</summary>
    public Interval RotateLimit { get; init; } = new(-45, 45);
}

/// <summary>Scales and turns about the centre, then shifts by whole pixels.</summary>
[Augmentation("ShiftScaleRotate")]
public sealed class ShiftScaleRotate(ShiftScaleRotateOptions options) : AffineAugmentation(options)
{
    private readonly Interval _shift = options.ShiftLimit.Checked("shift_limit", -1, 1);
    private readonly Interval _scale = options.ScaleLimit.Checked("scale_limit", -0.99, 100);
    private readonly Interval _rotate = options.RotateLimit.Checked("rotate_limit", -360, 360);

    /// <inheritdoc/>
    protected override AffineDraw DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var (x, y) = (_shift.Draw(ref random), _shift.Draw(ref random));
        var (scaleX, scaleY) = (1 + _scale.Draw(ref random), 1 + _scale.Draw(ref random));
        return new AffineDraw(_rotate.Draw(ref random), scaleX, scaleY, (int)(x * context.Frame.Width), (int)(y * context.Frame.Height));
    }
}
