using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Spatial;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record AffineOptions : WarpOptions, IValidatableObject
{
    /// <summary>Interval of the scale, drawn for each axis; a number v means [v, v].</summary>
    [Within(0, 100, MinimumIsExclusive = true)]
    public PerAxis Scale { get; init; } = PerAxis.Both(1, 1);

    /// <summary>Interval of the shift as a fraction of width and height.</summary>
    [Within(-10, 10)]
    public PerAxis? TranslatePercent { get; init; }

    /// <summary>Interval of the shift in whole pixels, instead of translate_percent.</summary>
    [Within(-32766, 32766)]
    public PerAxis? TranslatePx { get; init; }

    /// <summary>Interval of the angle in degrees, counter-clockwise; x alone means [x, x].</summary>
    [Within(-360, 360, AloneTwice = true)]
    public Interval Rotate { get; init; } = new(0, 0);

    /// <summary>Interval of the shear in degrees, drawn for each axis; a number v means [v, v].</summary>
    [Within(-89, 89)]
    public PerAxis Shear { get; init; } = PerAxis.Both(0, 0);

    /// <summary>True: the frame grows or shrinks to hold the whole moved image.</summary>
    public bool FitOutput { get; init; }

    /// <summary>True: one scale for both axes.</summary>
    public bool KeepRatio { get; init; }

    /// <summary>True: making smaller is as likely as making larger, whatever the interval's ends.</summary>
    public bool BalancedScale { get; init; }

    /// <summary>largest_box or ellipse: a rule for boxes, read and without effect on masks.</summary>
    public RotateMethod RotateMethod { get; init; } = RotateMethod.LargestBox;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TranslatePercent is not null && TranslatePx is not null)
        {
            yield return new ValidationResult("and translate_px exclude each other. Remove one.", [nameof(TranslatePercent)]);
        }

        if (KeepRatio && Scale.X != Scale.Y)
        {
            yield return new ValidationResult("differs between the axes, and keep_ratio wants one for both.", [nameof(Scale)]);
        }
    }

    /// <summary>With version 1's defaults, which move where nothing at all is written.</summary>
    internal AffineOptions Meant => Old && TranslatePercent is null && TranslatePx is null && Scale == PerAxis.Both(1, 1) && Rotate == new Interval(0, 0) && Shear == PerAxis.Both(0, 0)
        ? this with { Scale = PerAxis.Both(0.9, 1.1), TranslatePercent = PerAxis.Both(-0.1, 0.1), Rotate = new Interval(-15, 15), Shear = PerAxis.Both(-10, 10) }
        : this;
}

/// <summary>Scales, turns, shears and shifts.</summary>
/// <remarks>cv2.warpAffine with Albumentations' matrix. In 1.x, where no interval is written: scale 0.9–1.1, shift ±10 %, turn ±15°, shear ±10°.</remarks>
[Augmentation("Affine")]
public sealed class Affine(AffineOptions options) : SpatialAugmentation<AffineDraw>(options.Checked().P)
{
    private readonly AffineOptions _options = options.Meant;
    private readonly Border _border = options.Border("constant");

    /// <inheritdoc/>
    protected override AffineDraw DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var (shiftX, shiftY) = (0, 0);
        if (_options.TranslatePx is { } pixels)
        {
            (shiftX, shiftY) = (Whole(pixels.X, ref random), Whole(pixels.Y, ref random));
        }
        else if (_options.TranslatePercent is { } share)
        {
            (shiftX, shiftY) = ((int)(share.X.Draw(ref random) * context.Frame.Width), (int)(share.Y.Draw(ref random) * context.Frame.Height));
        }

        var (shearX, shearY) = (-_options.Shear.X.Draw(ref random), -_options.Shear.Y.Draw(ref random));
        var (scaleX, scaleY) = (Scale(_options.Scale.X, ref random), Scale(_options.Scale.Y, ref random));
        return new AffineDraw(_options.Rotate.Draw(ref random), scaleX, _options.KeepRatio ? scaleX : scaleY, shiftX, shiftY, shearX, shearY);
    }

    /// <inheritdoc/>
    protected override Geometry Map(AffineDraw draw, Frame frame)
    {
        var matrix = draw.Matrix(frame);
        if (!_options.FitOutput)
        {
            return draw == new AffineDraw(0) ? GridTurn.None(frame) : new GridProjection(matrix, frame, _border, _options.Reading);
        }

        var corners = new[] { matrix.Apply(0, 0), matrix.Apply(frame.Width, 0), matrix.Apply(frame.Width, frame.Height), matrix.Apply(0, frame.Height) };
        var (left, top) = (Math.Floor(corners.Min(c => c.X)), Math.Floor(corners.Min(c => c.Y)));
        var (width, height) = (Math.Ceiling(corners.Max(c => c.X)) - left + 1, Math.Ceiling(corners.Max(c => c.Y)) - top + 1);
        return width <= 32766 && height <= 32766
            ? new GridProjection(matrix.Then(Projection.Shift(-left, -top)), new Frame((int)height, (int)width), _border, _options.Reading)
            : throw new ConfigurationException($"Affine: fit_output makes {height}×{width} of {frame}, and a side is at most 32766. Narrow scale and shear.");
    }

    private static int Whole(Interval interval, ref RandomStream random) => new WholeInterval((int)interval.Low, (int)interval.High).Draw(ref random);

    private double Scale(Interval interval, ref RandomStream random)
    {
        if (!_options.BalancedScale)
        {
            return interval.Draw(ref random);
        }

        var smaller = interval.Low < 1 && (interval.High <= 1 || random.NextInt(2) == 0);
        return smaller ? random.NextDouble(interval.Low, 1) : interval.High > 1 ? random.NextDouble(1, interval.High) : 1;
    }
}
