using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Spatial;

/// <summary>What affine augmentations draw: scaled, turned, sheared, all about the centre of the grid, then shifted.</summary>
/// <param name="Degrees">Turn, counter-clockwise.</param>
/// <param name="ScaleX">Scale along rows; 1 keeps it.</param>
/// <param name="ScaleY">Scale along columns; 1 keeps it.</param>
/// <param name="ShiftX">Whole pixels to the right.</param>
/// <param name="ShiftY">Whole pixels down.</param>
/// <param name="ShearX">Degrees along rows.</param>
/// <param name="ShearY">Degrees along columns.</param>
public readonly record struct AffineDraw(double Degrees, double ScaleX = 1, double ScaleY = 1, int ShiftX = 0, int ShiftY = 0, double ShearX = 0, double ShearY = 0)
{
    /// <summary>The map from source to destination, as OpenCV wants it.</summary>
    public Projection Matrix(Frame frame)
    {
        var (sin, cos) = Math.SinCos(double.DegreesToRadians(Degrees));
        var (x, y) = ((frame.Width / 2.0) - 0.5, (frame.Height / 2.0) - 0.5);
        var last = new Projection(1, Math.Tan(double.DegreesToRadians(ShearX)), 0, Math.Tan(double.DegreesToRadians(ShearY)), 1, 0).Then(Projection.Shift(ShiftX, ShiftY).Then(Projection.Shift(x, y)));
        return Projection.Shift(-x, -y).Then(new Projection(ScaleX, 0, 0, 0, ScaleY, 0).Then(new Projection(cos, sin, 0, -sin, cos, 0).Then(last)));
    }
}

/// <summary>Moves pixels by an affine map, in the frame of the input: images as the options say, label words by nearest neighbour.</summary>
/// <remarks>Pixels agree with Albumentations 2.0.8, which calls cv2.warpAffine about the centre ((W-1)/2, (H-1)/2).</remarks>
public abstract class AffineAugmentation(WarpOptions options) : SpatialAugmentation<AffineDraw>(options.Checked().P)
{
    /// <summary>What lies outside.</summary>
    protected Border Border { get; } = options.Border();

    /// <summary>How pixels between pixels are read.</summary>
    protected Interpolation Reading { get; } = options.Reading;

    /// <inheritdoc/>
    protected override Geometry Map(AffineDraw draw, Frame frame) => draw == new AffineDraw(0)
        ? GridTurn.None(frame)
        : new GridProjection(draw.Matrix(frame), frame, Border, Reading);
}

/// <summary>How boxes around objects follow a turn. Masks need no such rule: the option is read and changes nothing.</summary>
public enum RotateMethod
{
    /// <summary>The box around the turned box.</summary>
    LargestBox,

    /// <summary>The box around the turned ellipse.</summary>
    Ellipse,
}
