using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>Moves pixels by OpenCV's rules, bit for bit. Inputs stay as they are.</summary>
public static unsafe class Warp
{
    /// <summary>cv2.warpAffine.</summary>
    /// <param name="image">8 or 16 bit; each side under 32767.</param>
    /// <param name="matrix">2×3, row by row: maps source (x, y) to destination; OpenCV inverts it.</param>
    /// <param name="interpolation">Linear is usual.</param>
    /// <param name="border">What lies outside.</param>
    /// <param name="value">The constant of <see cref="BorderMode.Constant"/>.</param>
    /// <param name="frame">The result's frame; null keeps the image's.</param>
    public static Image Affine(
        Image image, ReadOnlySpan<double> matrix, Interpolation interpolation, BorderMode border, double value = 0, Frame? frame = null)
    {
        var result = Blank.Image(frame ?? image.Frame, image.BytesPerPixel);
        var type = PixelType.OfImage(image.BytesPerPixel);
        AffineCall(image.Bytes, image.Frame, result.Bytes, result.Frame, type, matrix, interpolation, border, [value, 0, 0, 0]);
        return result;
    }

    /// <summary>cv2.warpAffine with INTER_NEAREST on whole label words; outside pixels have no class when the border is constant.</summary>
    /// <param name="labels">Words of any width; each side under 32767.</param>
    /// <param name="matrix">As for the image.</param>
    /// <param name="border">What lies outside.</param>
    /// <param name="frame">The result's frame; null keeps the map's.</param>
    public static LabelMap Affine(LabelMap labels, ReadOnlySpan<double> matrix, BorderMode border, Frame? frame = null)
    {
        var result = Blank.Labels(frame ?? labels.Frame, labels.Classes);
        var type = PixelType.OfWord(labels.WordBytes);
        AffineCall(labels.Bytes, labels.Frame, result.Bytes, result.Frame, type, matrix, Interpolation.Nearest, border, [0, 0, 0, 0]);
        return result;
    }

    /// <summary>Mirrors left and right.</summary>
    public static Image FlipHorizontal(Image image) => Flip(image, 1);

    /// <summary>Mirrors left and right.</summary>
    public static LabelMap FlipHorizontal(LabelMap labels) => Flip(labels, 1);

    /// <summary>Mirrors top and bottom.</summary>
    public static Image FlipVertical(Image image) => Flip(image, 0);

    /// <summary>Mirrors top and bottom.</summary>
    public static LabelMap FlipVertical(LabelMap labels) => Flip(labels, 0);

    private static Image Flip(Image image, int code)
    {
        var result = Blank.Image(image.Frame, image.BytesPerPixel);
        FlipCall(image.Bytes, result.Bytes, image.Frame, PixelType.OfImage(image.BytesPerPixel), code);
        return result;
    }

    private static LabelMap Flip(LabelMap labels, int code)
    {
        var result = Blank.Labels(labels.Frame, labels.Classes);
        FlipCall(labels.Bytes, result.Bytes, labels.Frame, PixelType.OfWord(labels.WordBytes), code);
        return result;
    }

    private static void FlipCall(ReadOnlySpan<byte> source, Span<byte> target, Frame frame, int type, int code)
    {
        fixed (byte* first = source, last = target)
        {
            var a = new Plane(first, frame.Height, frame.Width, type);
            var b = new Plane(last, frame.Height, frame.Width, type);
            Native.Check(Native.Flip(&a, &b, code));
        }
    }

    private static void AffineCall(
        ReadOnlySpan<byte> source, Frame from, Span<byte> target, Frame to, int type, ReadOnlySpan<double> matrix,
        Interpolation interpolation, BorderMode border, ReadOnlySpan<double> value)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(matrix.Length, 6);
        fixed (byte* first = source, last = target)
        fixed (double* coefficients = matrix, fill = value)
        {
            var a = new Plane(first, from.Height, from.Width, type);
            var b = new Plane(last, to.Height, to.Width, type);
            Native.Check(Native.WarpAffine(&a, &b, coefficients, (int)interpolation, (int)border, fill));
        }
    }
}
