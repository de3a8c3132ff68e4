using Osteon.Abstractions;

namespace Osteon.Imaging;

/// <summary>Maps each intensity through a table (cv2.LUT).</summary>
public static unsafe class Lut
{
    /// <summary>A fresh image whose pixel v is <c>table[v]</c>.</summary>
    /// <param name="image">8 bit.</param>
    /// <param name="table">256 values.</param>
    /// <exception cref="ArgumentException">The image has 16 bits, or the table another length.</exception>
    public static Image Apply(Image image, ReadOnlySpan<byte> table)
    {
        var result = Blank.Image(image.Frame, 1);
        Apply(image, result, table);
        return result;
    }

    /// <summary>Writes <c>table[v]</c> for each pixel v into another image of the same frame.</summary>
    /// <exception cref="ArgumentException">An image has 16 bits, the frames differ, or the table has another length.</exception>
    public static void Apply(Image image, Image result, ReadOnlySpan<byte> table)
    {
        if (image.BytesPerPixel != 1 || result.BytesPerPixel != 1 || image.Frame != result.Frame || table.Length != 256)
        {
            throw new ArgumentException($"A table of 256 bytes maps 8-bit pixels; here are {table.Length} and {8 * image.BytesPerPixel}.", nameof(table));
        }

        fixed (byte* first = image.Bytes, last = result.Bytes, values = table)
        {
            var a = new Plane(first, image.Frame.Height, image.Frame.Width, PixelType.Byte);
            var b = new Plane(last, image.Frame.Height, image.Frame.Width, PixelType.Byte);
            Native.Check(Native.Lut(&a, &b, values));
        }
    }
}
