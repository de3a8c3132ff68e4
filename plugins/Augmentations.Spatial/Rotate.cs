using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Spatial;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record RotateOptions : WarpOptions
{
    /// <summary>Interval of the angle in degrees, counter-clockwise; x alone means [−x, x].</summary>
    [Within(-360, 360)]
    public Interval Limit { get; init; } = new(-90, 90);

    /// <summary>True: the largest upright box without any outside is cut out.</summary>
    public bool CropBorder { get; init; }

    /// <summary>largest_box or ellipse: a rule for boxes, read and without effect on masks.</summary>
    public RotateMethod RotateMethod { get; init; } = RotateMethod.LargestBox;
}

/// <summary>Turns about the centre; the frame stays, corners leave it.</summary>
[Augmentation("Rotate")]
public sealed class Rotate(RotateOptions options) : AffineAugmentation(options)
{
    /// <inheritdoc/>
    protected override AffineDraw DrawParameters(ref RandomStream random, in DrawContext context) => new(options.Limit.Draw(ref random));

    /// <inheritdoc/>
    protected override Geometry Map(AffineDraw draw, Frame frame)
    {
        var turned = base.Map(draw, frame);
        return options.CropBorder ? new GridChain([turned, LargestBox(frame, draw.Degrees)]) : turned;
    }

    /// <summary>The largest upright box in a turned one: a corner touches each side, or two corners touch the longer ones.</summary>
    private static GridWindow LargestBox(Frame frame, double degrees)
    {
        var (sin, cos) = Math.SinCos(double.DegreesToRadians(degrees));
        (sin, cos) = (Math.Abs(sin), Math.Abs(cos));
        var (height, width) = frame;
        var (longer, shorter) = (Math.Max(height, width), Math.Min(height, width));
        double boxWidth, boxHeight;
        if (shorter <= 2 * sin * cos * longer || Math.Abs(sin - cos) < 1e-10)
        {
            (boxWidth, boxHeight) = width >= height ? (0.5 * shorter / sin, 0.5 * shorter / cos) : (0.5 * shorter / cos, 0.5 * shorter / sin);
        }
        else
        {
            var difference = (cos * cos) - (sin * sin);
            (boxWidth, boxHeight) = (((width * cos) - (height * sin)) / difference, ((height * cos) - (width * sin)) / difference);
        }

        var (left, top) = (Math.Max(0, (int)((width / 2.0) - (boxWidth / 2))), Math.Max(0, (int)((height / 2.0) - (boxHeight / 2))));
        var (right, bottom) = (Math.Min(width, (int)((width / 2.0) + (boxWidth / 2))), Math.Min(height, (int)((height / 2.0) + (boxHeight / 2))));
        return new GridWindow(top, left, new Frame(Math.Max(1, bottom - top), Math.Max(1, right - left)));
    }
}

/// <summary>Albumentations' options and defaults.</summary>
public sealed record SafeRotateOptions : WarpOptions
{
    /// <summary>Interval of the angle in degrees, counter-clockwise; x alone means [−x, x].</summary>
    [Within(-360, 360)]
    public Interval Limit { get; init; } = new(-90, 90);

    /// <summary>largest_box or ellipse: a rule for boxes, read and without effect on masks.</summary>
    public RotateMethod RotateMethod { get; init; } = RotateMethod.LargestBox;
}

/// <summary>Turns about the centre and makes the turned image fit the frame, so that no corner leaves it. The draw is the angle.</summary>
[Augmentation("SafeRotate")]
public sealed class SafeRotate(SafeRotateOptions options) : SpatialAugmentation<double>(options.Checked().P)
{
    private readonly Border _border = options.Border();

    /// <inheritdoc/>
    protected override double DrawParameters(ref RandomStream random, in DrawContext context) => options.Limit.Draw(ref random);

    /// <inheritdoc/>
    protected override Geometry Map(double draw, Frame frame)
    {
        var (height, width) = frame;
        var (sin, cos) = Math.SinCos(draw * Math.PI / 180);
        var (x, y) = ((width / 2.0) - 0.5, (height / 2.0) - 0.5);
        var (w, h) = ((int)((height * Math.Abs(sin)) + (width * Math.Abs(cos))), (int)((height * Math.Abs(cos)) + (width * Math.Abs(sin))));
        var (x1, y1) = (((1 - cos) * x) - (sin * y) + ((w / 2.0) - x), (sin * x) + ((1 - cos) * y) + ((h / 2.0) - y));
        var (fx, fy) = ((double)width / w, (double)height / h);
        return new GridProjection(new Projection(fx * cos, fx * sin, fx * x1, fy * -sin, fy * cos, fy * y1), frame, _border, options.Reading);
    }
}
