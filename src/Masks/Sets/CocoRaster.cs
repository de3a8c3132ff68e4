using System.Runtime.InteropServices;

namespace Osteon.Masks;

/// <summary>
/// Pixels of an outline by the rule of COCO's own tools (pycocotools, cocoapi's maskApi): vertices are brought to a grid of fifths of
/// a pixel, edges are walked in steps of one fifth along their longer side, and where the walk passes the middle of a pixel's column
/// that column changes, from the row below that place on.
/// </summary>
/// <remarks>
/// The order in which edges are walked decides nothing, as two changes at one place are none; so each edge is asked only for the
/// columns it passes, and nothing grows with the outline's length. The arithmetic is that of the original to the last bit: doubles, cut towards zero.
/// </remarks>
public static class CocoRaster
{
    /// <summary>Beyond this a coordinate is no pixel's, as for fillPoly.</summary>
    public const int MaxCoordinate = 1 << 20;

    private const int Scale = 5, Middle = 2;                        // the middle of a column lies between fifths 2 and 3

    /// <summary>Pixels of one outline; several outlines of an annotation are the union of their pixels.</summary>
    /// <param name="polygon">Vertices in <paramref name="frame"/>'s coordinates, whatever frame the polygon itself names.</param>
    /// <param name="frame">The grid; what lies outside is cut away.</param>
    /// <exception cref="ArgumentException">A coordinate is not a number or beyond ±<see cref="MaxCoordinate"/>.</exception>
    public static Mask Fill(Polygon polygon, Frame frame)
    {
        var vertices = polygon.Vertices;
        if (vertices.Count == 0)
        {
            return Mask.Empty(frame);
        }

        var changes = new Changes(frame);
        var (x, y) = Fifths(vertices[^1]);
        foreach (var vertex in vertices)
        {
            var (toX, toY) = Fifths(vertex);
            Edge(x, y, toX, toY, changes);
            (x, y) = (toX, toY);
        }

        return changes.ToMask();
    }

    private static (int X, int Y) Fifths(Vertex vertex) => Math.Abs(vertex.X) <= MaxCoordinate && Math.Abs(vertex.Y) <= MaxCoordinate
        ? ((int)((Scale * vertex.X) + .5), (int)((Scale * vertex.Y) + .5))
        : throw new ArgumentException($"A vertex is ({vertex.X}, {vertex.Y}); a pixel's coordinates lie within ±{MaxCoordinate}.");

    private static void Edge(int x0, int y0, int x1, int y1, Changes changes)
    {
        var (dx, dy) = (Math.Abs(x1 - x0), Math.Abs(y1 - y0));
        var flat = dx >= dy;
        if (flat ? x0 > x1 : y0 > y1)
        {
            (x0, y0, x1, y1) = (x1, y1, x0, y0);
        }

        var (left, right) = (Math.Min(x0, x1), Math.Max(x0, x1));
        var slope = flat ? (double)(y1 - y0) / dx : (double)(x1 - x0) / dy;
        for (var column = Math.Max(0, (left - Middle + Scale - 1) / Scale); column < changes.Columns && (Scale * column) + Middle < right; column++)
        {
            var before = (Scale * column) + Middle;
            if (flat)
            {
                changes.Add(column, Math.Min(At(y0, slope, before - x0), At(y0, slope, before + 1 - x0)));
            }
            else
            {
                changes.Add(column, y0 + LastStep(x0, slope, dy, before));
            }
        }
    }

    private static int At(int origin, double slope, int step) => (int)(origin + (slope * step) + .5);

    /// <summary>On a steep edge, the last step on its own side of a column's middle; the next one is on the other side.</summary>
    private static int LastStep(int x0, double slope, int steps, int before)
    {
        var (low, high) = (0, steps);                               // at low the edge is on its first side, at high on the other
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (slope > 0 ? At(x0, slope, middle) <= before : At(x0, slope, middle) > before)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Places in column order where set becomes unset or the reverse; two at one place are none.</summary>
    private sealed class Changes(Frame frame)
    {
        private const int FirstTidied = 1 << 16;

        private readonly List<int> _places = [];
        private int _tidyAt = FirstTidied;

        public int Columns => frame.Width;

        /// <summary>A change of a column at a height in fifths.</summary>
        public void Add(int column, int fifths)
        {
            var row = Math.Clamp(((fifths + .5) / Scale) - .5, 0, frame.Height);
            _places.Add(checked((column * frame.Height) + (int)Math.Ceiling(row)));
            if (_places.Count >= _tidyAt)
            {
                Tidy();
                _tidyAt = Math.Max(FirstTidied, 2 * _places.Count);
            }
        }

        public Mask ToMask()
        {
            Tidy();
            if (_places.Count % 2 != 0)
            {
                _places.Add(frame.Area);                            // the rest of the frame is set
            }

            return Mask.FromBoundaries(new Frame(frame.Width, frame.Height), CollectionsMarshal.AsSpan(_places)).Transpose();
        }

        // However often an outline goes round, no more places are kept than the frame has.
        private void Tidy()
        {
            var places = CollectionsMarshal.AsSpan(_places);
            places.Sort();
            var kept = 0;
            foreach (var place in places)
            {
                if (kept > 0 && places[kept - 1] == place)
                {
                    kept--;
                }
                else
                {
                    places[kept++] = place;
                }
            }

            _places.RemoveRange(kept, _places.Count - kept);
        }
    }
}
