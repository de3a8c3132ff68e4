using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>Changes the pixel grid by OpenCV's rules (cv2.resize), bit for bit.</summary>
public static unsafe class Resize
{
    private const int NearestCode = 0, LinearCode = 1, AreaCode = 3;

    /// <summary>Averages the area each pixel covers (INTER_AREA): the rule for making images smaller.</summary>
    /// <returns>A fresh image; the same object when the frame already fits.</returns>
    public static Image Area(Image image, Frame frame) => Of(image, frame, AreaCode);

    /// <summary>Bilinear with pixel centres at half (INTER_LINEAR, align_corners=False).</summary>
    /// <returns>A fresh image; the same object when the frame already fits.</returns>
    public static Image Linear(Image image, Frame frame) => Of(image, frame, LinearCode);

    /// <summary>Pixel ⌊x · scale⌋ (INTER_NEAREST).</summary>
    /// <returns>A fresh image; the same object when the frame already fits.</returns>
    public static Image Nearest(Image image, Frame frame) => Of(image, frame, NearestCode);

    /// <summary>Pixel ⌊x · scale⌋ (INTER_NEAREST), whole words of any width.</summary>
    /// <returns>A fresh map; the same object when the frame already fits.</returns>
    public static LabelMap Nearest(LabelMap labels, Frame frame)
    {
        if (labels.Frame == frame)
        {
            return labels;
        }

        var result = Blank.Labels(frame, labels.Classes);
        Call(labels.Bytes, labels.Frame, result.Bytes, frame, PixelType.OfWord(labels.WordBytes), NearestCode);
        return result;
    }

    /// <summary>Bilinear resampling of float planes, such as the logits of one case.</summary>
    /// <param name="planes">(count, H, W), row-major.</param>
    /// <param name="count">Planes.</param>
    /// <param name="from">H × W of the source.</param>
    /// <param name="to">H × W of the destination.</param>
    /// <param name="destination">(count, H, W); must not overlap the source.</param>
    /// <exception cref="ArgumentException">A span's length does not fit.</exception>
    public static void LinearPlanes(ReadOnlySpan<float> planes, int count, Frame from, Frame to, Span<float> destination)
    {
        var (source, target) = ((long)from.Height * from.Width, (long)to.Height * to.Width);
        if (planes.Length != count * source || destination.Length != count * target)
        {
            throw new ArgumentException($"{planes.Length} and {destination.Length} values do not fit {count} planes of {from} and {to}.");
        }

        fixed (float* first = planes, last = destination)
        {
            for (var k = 0L; k < count; k++)
            {
                var a = new Plane(first + (k * source), from.Height, from.Width, PixelType.Single);
                var b = new Plane(last + (k * target), to.Height, to.Width, PixelType.Single);
                Native.Check(Native.Resize(&a, &b, LinearCode));
            }
        }
    }

    private static Image Of(Image image, Frame frame, int interpolation)
    {
        if (image.Frame == frame)
        {
            return image;
        }

        var result = Blank.Image(frame, image.BytesPerPixel);
        Call(image.Bytes, image.Frame, result.Bytes, frame, PixelType.OfImage(image.BytesPerPixel), interpolation);
        return result;
    }

    private static void Call(ReadOnlySpan<byte> source, Frame from, Span<byte> target, Frame to, int type, int interpolation)
    {
        fixed (byte* first = source, last = target)
        {
            var a = new Plane(first, from.Height, from.Width, type);
            var b = new Plane(last, to.Height, to.Width, type);
            Native.Check(Native.Resize(&a, &b, interpolation));
        }
    }
}
