using System.Buffers;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>Turns outlines into pixels, by the rule that is asked for.</summary>
public static unsafe class Polygons
{
    /// <summary>Beyond this a coordinate is no pixel's; OpenCV's fixed-point edges stay exact within.</summary>
    public const int MaxCoordinate = CocoRaster.MaxCoordinate;

    /// <summary>Pixels of one outline by a named rule.</summary>
    /// <param name="polygon">Vertices in <paramref name="frame"/>'s coordinates, whatever frame the polygon itself names.</param>
    /// <param name="frame">The grid; what lies outside is cut away.</param>
    /// <param name="raster">The rule.</param>
    /// <exception cref="ArgumentException">A coordinate is not a number or beyond ±<see cref="MaxCoordinate"/>.</exception>
    public static Mask Fill(Polygon polygon, Frame frame, PolygonRaster raster) => raster switch
    {
        PolygonRaster.Coco => CocoRaster.Fill(polygon, frame),
        PolygonRaster.FillpolyTruncated => FillPoly(polygon with { Vertices = [.. polygon.Vertices.Select(v => new Vertex(Math.Truncate(v.X), Math.Truncate(v.Y)))] }, frame),
        _ => FillPoly(polygon, frame),
    };

    /// <summary>Pixels of one outline by cv2.fillPoly's rule, drawn in its own bounding box only: the boundary is drawn too, 8-connected, whole-pixel vertices.</summary>
    /// <param name="polygon">
    /// Vertices in <paramref name="frame"/>'s coordinates, whatever frame the polygon itself names: callers compare the two first.
    /// Fractions are rounded half to even, as numpy.round does. Fewer than three vertices draw a point or a line.
    /// </param>
    /// <param name="frame">The grid; what lies outside is cut away.</param>
    /// <exception cref="ArgumentException">A coordinate is not a number or beyond ±<see cref="MaxCoordinate"/>.</exception>
    public static Mask FillPoly(Polygon polygon, Frame frame)
    {
        var vertices = polygon.Vertices;
        if (vertices.Count == 0)
        {
            return Mask.Empty(frame);
        }

        var rented = ArrayPool<int>.Shared.Rent(2 * vertices.Count);
        var points = rented.AsSpan(0, 2 * vertices.Count);
        try
        {
            var box = Round(vertices, points).Within(frame);
            return box.IsEmpty ? Mask.Empty(frame) : Fill(points, box, frame);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(rented);
        }
    }

    private static Mask Fill(Span<int> points, Box box, Frame frame)
    {
        for (var i = 0; i < points.Length; i += 2)
        {
            points[i] -= box.Left;
            points[i + 1] -= box.Top;
        }

        var size = box.Height * box.Width;
        var rented = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var canvas = rented.AsSpan(0, size);
            canvas.Clear();
            fixed (byte* pixels = canvas)
            fixed (int* first = points)
            {
                var plane = new Plane(pixels, box.Height, box.Width, PixelType.Byte);
                Native.Check(Native.FillPoly(&plane, first, points.Length / 2));
            }

            return new Mask(frame, box.Runs(canvas, frame));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static Box Round(IReadOnlyList<Vertex> vertices, Span<int> points)
    {
        var box = new Box(int.MaxValue, int.MaxValue, int.MinValue, int.MinValue);
        for (var i = 0; i < vertices.Count; i++)
        {
            var (x, y) = (Whole(vertices[i].X), Whole(vertices[i].Y));
            points[2 * i] = x;
            points[(2 * i) + 1] = y;
            box = new Box(Math.Min(box.Top, y), Math.Min(box.Left, x), Math.Max(box.Bottom, y), Math.Max(box.Right, x));
        }

        return box;
    }

    private static int Whole(double coordinate) => Math.Abs(coordinate) <= MaxCoordinate
        ? (int)Math.Round(coordinate)
        : throw new ArgumentException($"A vertex has the coordinate {coordinate}; a pixel's lies within ±{MaxCoordinate}.");
}
