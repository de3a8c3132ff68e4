using System.Runtime.InteropServices;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>Which borders to follow; the numbers are OpenCV's.</summary>
public enum ContourMode
{
    /// <summary>Outer borders only.</summary>
    External = 0,

    /// <summary>Outer borders and the borders of holes.</summary>
    List = 1,
}

/// <summary>Follows the borders of masks.</summary>
public static unsafe class Contours
{
    /// <summary>cv2.findContours with CHAIN_APPROX_NONE: every border pixel, in order.</summary>
    /// <returns>Outlines in OpenCV's order. A hole's outline runs over the pixels around it. Empty for an empty mask.</returns>
    /// <remarks>Suzuki and Abe 1985, doi:10.1016/0734-189X(85)90016-7.</remarks>
    public static IReadOnlyList<Polygon> Find(Mask mask, ContourMode mode = ContourMode.External)
    {
        var box = Box.Around(mask);
        if (box.IsEmpty)
        {
            return [];
        }

        var canvas = new byte[(long)box.Height * box.Width];
        box.Draw(mask, canvas, 1);
        fixed (byte* pixels = canvas)
        {
            var plane = new Plane(pixels, box.Height, box.Width, PixelType.Byte);
            nint buffer;
            Header header;
            var status = Native.FindContours(&plane, (int)mode, box.Left, box.Top, &buffer, &header);
            using var result = NativeBuffer.Take(status, buffer, header);
            return Read(MemoryMarshal.Cast<byte, int>(result.ToArray().AsSpan()), mask.Frame);
        }
    }

    private static Polygon[] Read(ReadOnlySpan<int> flat, Frame frame)
    {
        var outlines = new Polygon[flat[0]];
        var rest = flat[1..];
        for (var k = 0; k < outlines.Length; k++)
        {
            var vertices = new Vertex[rest[0]];
            for (var i = 0; i < vertices.Length; i++)
            {
                vertices[i] = new Vertex(rest[1 + (2 * i)], rest[2 + (2 * i)]);
            }

            outlines[k] = new Polygon(frame, vertices);
            rest = rest[(1 + (2 * vertices.Length))..];
        }

        return outlines;
    }
}
