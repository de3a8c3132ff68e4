using System.Buffers.Binary;
using Osteon.Abstractions;
using Osteon.Imaging;
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
    private readonly BorderMode _border = options.Border switch
    {
        "constant" => BorderMode.Constant,
        "replicate" => BorderMode.Replicate,
        "reflect" => BorderMode.Reflect,
        "reflect_101" => BorderMode.Reflect101,
        "wrap" => BorderMode.Wrap,
        _ => throw new ConfigurationException($"border '{options.Border}' is unknown; constant, replicate, reflect, reflect_101 and wrap are allowed."),
    };

    private readonly double _fill = options.Fill is >= 0 and <= ushort.MaxValue
        ? options.Fill
        : throw new ConfigurationException($"fill {options.Fill} is outside [0, 65535].");

    private readonly long _fillMask = options.FillMask;

    /// <inheritdoc/>
    protected sealed override Image Transform(Image image, AffineDraw draw) => draw == new AffineDraw(0)
        ? image
        : Warp.Affine(image, Matrix(image.Frame, draw), Interpolation.Linear, _border, _fill);

    /// <inheritdoc/>
    protected sealed override LabelMap Transform(LabelMap labels, AffineDraw draw)
    {
        if (draw == new AffineDraw(0))
        {
            return labels;
        }

        var moved = Warp.Affine(labels, Matrix(labels.Frame, draw), _border);
        if (_fillMask != 0 && _border == BorderMode.Constant)
        {
            FillOutside(moved, draw);
        }

        return moved;
    }

    private void FillOutside(LabelMap moved, AffineDraw draw)
    {
        var everywhere = new LabelMap(moved.Frame, 1);
        everywhere.Bytes.Fill(1);
        var inside = Warp.Affine(everywhere, Matrix(moved.Frame, draw), BorderMode.Constant).Bytes;
        Span<byte> word = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(word, moved.Classes < 64 ? _fillMask & ((1L << moved.Classes) - 1) : _fillMask);
        word = word[..moved.WordBytes];
        for (var i = 0; i < inside.Length; i++)
        {
            if (inside[i] == 0)
            {
                word.CopyTo(moved.Bytes[(i * word.Length)..]);
            }
        }
    }

    // Source to destination, as OpenCV wants it: shift ∘ turn ∘ scale about the centre.
    private static double[] Matrix(Frame frame, AffineDraw draw)
    {
        var (sin, cos) = Math.SinCos(double.DegreesToRadians(draw.Degrees));
        var (x, y) = ((frame.Width / 2.0) - 0.5, (frame.Height / 2.0) - 0.5);
        var (xx, xy, yx, yy) = (cos * draw.ScaleX, sin * draw.ScaleY, -sin * draw.ScaleX, cos * draw.ScaleY);
        return [xx, xy, x + draw.ShiftX - (xx * x) - (xy * y), yx, yy, y + draw.ShiftY - (yx * x) - (yy * y)];
    }
}
