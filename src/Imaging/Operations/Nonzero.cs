using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>The part of an image that is not black all around.</summary>
public static class Nonzero
{
    /// <summary>The smallest rectangle around all pixels that are not 0; null where that is the whole image, or there is none.</summary>
    public static Masks.Box? Box(Image image)
    {
        var (height, stride) = (image.Frame.Height, image.Frame.Width * image.BytesPerPixel);
        var (top, bottom, left, right) = (height, -1, stride, -1);
        for (var y = 0; y < height; y++)
        {
            var row = image.Bytes.Slice(y * stride, stride);
            if (row.IndexOfAnyExcept((byte)0) is >= 0 and var first)
            {
                (top, bottom) = (Math.Min(top, y), y);
                (left, right) = (Math.Min(left, first), Math.Max(right, row.LastIndexOfAnyExcept((byte)0)));
            }
        }

        if (bottom < 0)
        {
            return null;
        }

        // A pixel is not 0 where one of its bytes is not.
        (left, right) = (left / image.BytesPerPixel, right / image.BytesPerPixel);
        var size = new Frame(bottom - top + 1, right - left + 1);
        return size == image.Frame ? null : new Masks.Box(top, left, size);
    }

    /// <summary>A part of an image, which keeps what its file says.</summary>
    /// <exception cref="ArgumentException">The part leaves the image.</exception>
    public static Image Cut(Image image, Masks.Box part)
    {
        if (!part.IsWithin(image.Frame))
        {
            throw new ArgumentException($"The part {part} leaves the image, {image.Frame}.", nameof(part));
        }

        var result = new Image(part.Size, image.BytesPerPixel) { Origin = image.Origin };
        Copy(image, part.Top, part.Left, result, 0, 0, part.Size);
        return result;
    }

    /// <summary>An image of its part and black around it.</summary>
    public static Image Place(Image part, Masks.Box box, Frame frame)
    {
        var result = new Image(frame, part.BytesPerPixel) { Origin = part.Origin };
        Copy(part, 0, 0, result, box.Top, box.Left, box.Size);
        return result;
    }

    private static void Copy(Image from, int top, int left, Image to, int row, int column, Frame size)
    {
        var bytes = from.BytesPerPixel;
        for (var y = 0; y < size.Height; y++)
        {
            from.Bytes.Slice((((top + y) * from.Frame.Width) + left) * bytes, size.Width * bytes).CopyTo(to.Bytes[((((row + y) * to.Frame.Width) + column) * bytes)..]);
        }
    }
}
