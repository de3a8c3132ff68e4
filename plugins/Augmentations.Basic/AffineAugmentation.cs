using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>What affine augmentations draw: scaled, then turned, both about the centre of the grid, then shifted.</summary>
/// <param name="Degrees">Turn, counter-clockwise.</param>
/// <param name="ScaleX">Scale along rows; 1 keeps it.</param>
/// <param name="ScaleY">Scale along columns; 1 keeps it.</param>
/// <param name="ShiftX">Whole pixels to the right.</param>
/// <param name="ShiftY">Whole pixels down.</param>
public readonly record struct AffineDraw(double Degrees, double ScaleX = 1, double ScaleY = 1, int ShiftX = 0, int ShiftY = 0);

/// <summary>What fills the place of pixels that come from outside the image.</summary>
public abstract record AffineOptions
{
    /// <summary>constant, replicate, reflect, reflect_101 or wrap. Albumentations 1 took reflect_101, version 2 takes constant.</summary>
    public string Border { get; init; } = "constant";

    /// <summary>Intensity outside, in the pixel's own units, where the border is constant.</summary>
    public double Fill { get; init; }

    /// <summary>Label word outside, bit k for class k, where the border is constant; 0: no class.</summary>
    public long FillMask { get; init; }

    /// <summary>Probability in [0, 1].</summary>
    public double P { get; init; } = 0.5;
}

/// <summary>Moves pixels by an affine map, in the frame of the input: images bilinearly, label words by nearest neighbour.</summary>
/// <remarks>Pixels agree with Albumentations 2.0.8, which calls cv2.warpAffine about the centre ((W-1)/2, (H-1)/2).</remarks>
public abstract class AffineAugmentation(AffineOptions options) : SpatialAugmentation<AffineDraw>(options.P)
{
    private readonly Border _border = Border.Of(options.Border, options.Fill, options.FillMask);

    /// <inheritdoc/>
    protected sealed override Geometry Map(AffineDraw draw, Frame frame) => draw == new AffineDraw(0)
        ? GridTurn.None(frame)
        : new GridProjection(Matrix(frame, draw), frame, _border);

    // Source to destination, as OpenCV wants it: shift ∘ turn ∘ scale about the centre.
    private static Projection Matrix(Frame frame, AffineDraw draw)
    {
        var (sin, cos) = Math.SinCos(double.DegreesToRadians(draw.Degrees));
        var (x, y) = ((frame.Width / 2.0) - 0.5, (frame.Height / 2.0) - 0.5);
        var (xx, xy, yx, yy) = (cos * draw.ScaleX, sin * draw.ScaleY, -sin * draw.ScaleX, cos * draw.ScaleY);
        return new Projection(xx, xy, x + draw.ShiftX - (xx * x) - (xy * y), yx, yy, y + draw.ShiftY - (yx * x) - (yy * y));
    }
}
