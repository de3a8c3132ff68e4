using System.Numerics;
using System.Runtime.InteropServices;

namespace Osteon.Masks;

/// <summary>
/// Exact Euclidean distances from pixels of a box to the nearest of some others, in time linear in the box: distances down each
/// column, then along each row the least of those and the way there. Surfaces mostly lie close, so that is looked for outwards
/// from the pixel first; a row where it takes more steps than the row is long builds the lower envelope of its parabolas.
/// </summary>
/// <remarks>Felzenszwalb, Huttenlocher 2012, doi:10.4086/toc.2012.v008a019; the column pass is Meijster, Roerdink, Hesselink 2000's.</remarks>
internal static class NearestDistances
{
    // Of a column without a target: more than any frame is high, and 1 more is still a number.
    private const int Nowhere = 1 << 30;

    /// <summary>One distance for each asked pixel, in its order.</summary>
    /// <param name="box">The box.</param>
    /// <param name="from">Linear indices to measure from, ascending.</param>
    /// <param name="to">Linear indices to measure to, at least one.</param>
    /// <param name="spacing">Of rows and columns.</param>
    public static double[] Between(SurfaceBox box, List<int> from, List<int> to, Spacing spacing)
    {
        var rows = RowsToNearest(box, to);
        var distances = new double[from.Count];
        var envelope = new Envelope(box.Width, spacing);
        var (row, steps, built) = (-1, 0, false);
        for (var i = 0; i < from.Count; i++)
        {
            var (y, x) = (from[i] / box.Width, from[i] % box.Width);
            (row, steps, built) = y == row ? (row, steps, built) : (y, box.Width, false);
            var line = rows.AsSpan(y * box.Width, box.Width);
            var squared = built ? double.NaN : Outwards(line, x, spacing, ref steps);
            if (double.IsNaN(squared))
            {
                if (!built)
                {
                    envelope.Build(line);
                    built = true;
                }

                squared = envelope.At(x);
            }

            distances[i] = Math.Sqrt(squared);
        }

        return distances;
    }

    /// <summary>The least squared distance along a row, or NaN when the steps did not suffice.</summary>
    private static double Outwards(ReadOnlySpan<int> rows, int x, Spacing spacing, ref int steps)
    {
        var best = Squared(rows[x], spacing.Row);
        for (var across = 1; ; across++)
        {
            var squared = Squared(across, spacing.Column);
            if (squared >= best)
            {
                return best;
            }

            if (--steps <= 0)
            {
                return double.NaN;
            }

            best = x - across >= 0 ? Math.Min(best, Squared(rows[x - across], spacing.Row) + squared) : best;
            best = x + across < rows.Length ? Math.Min(best, Squared(rows[x + across], spacing.Row) + squared) : best;
        }
    }

    private static double Squared(int pixels, double size) => pixels == Nowhere ? double.PositiveInfinity : pixels * size * (pixels * size);

    /// <summary>Of each pixel, the number of rows to the nearest target in its own column.</summary>
    private static int[] RowsToNearest(SurfaceBox box, List<int> to)
    {
        var rows = new int[box.Height * box.Width];
        Array.Fill(rows, Nowhere);
        foreach (var target in to)
        {
            rows[target] = 0;
        }

        for (var y = 1; y < box.Height; y++)
        {
            Step(rows.AsSpan(y * box.Width, box.Width), rows.AsSpan((y - 1) * box.Width, box.Width));
        }

        for (var y = box.Height - 2; y >= 0; y--)
        {
            Step(rows.AsSpan(y * box.Width, box.Width), rows.AsSpan((y + 1) * box.Width, box.Width));
        }

        return rows;
    }

    private static void Step(Span<int> rows, ReadOnlySpan<int> neighbours)
    {
        var these = MemoryMarshal.Cast<int, Vector<int>>(rows);
        var those = MemoryMarshal.Cast<int, Vector<int>>(neighbours);
        for (var i = 0; i < these.Length; i++)
        {
            these[i] = Vector.Min(these[i], those[i] + Vector<int>.One);
        }

        for (var x = these.Length * Vector<int>.Count; x < rows.Length; x++)
        {
            rows[x] = Math.Min(rows[x], neighbours[x] + 1);
        }
    }

    /// <summary>The lower envelope of the parabolas h(q)² + (c (x − q))² of one row.</summary>
    private sealed class Envelope(int width, Spacing spacing)
    {
        private readonly int[] _vertex = new int[width];
        private readonly double[] _height = new double[width];
        private readonly double[] _from = new double[width];
        private int _last, _next;

        public void Build(ReadOnlySpan<int> rows)
        {
            (_last, _next) = (-1, 0);
            for (var q = 0; q < width; q++)
            {
                if (rows[q] == Nowhere)
                {
                    continue;
                }

                var height = Squared(rows[q], spacing.Row);
                var start = double.NegativeInfinity;
                while (_last >= 0 && (start = Crossing(_vertex[_last], _height[_last], q, height)) <= _from[_last])
                {
                    _last--;
                }

                _last++;
                (_vertex[_last], _height[_last], _from[_last]) = (q, height, _last == 0 ? double.NegativeInfinity : start);
            }
        }

        /// <summary>The squared distance at a column; columns must ascend after a Build.</summary>
        public double At(int x)
        {
            while (_next < _last && _from[_next + 1] < x)
            {
                _next++;
            }

            var across = (x - _vertex[_next]) * spacing.Column;
            return _height[_next] + (across * across);
        }

        // Where the parabola on q begins to be lower than the one on p < q.
        private double Crossing(int p, double pHeight, int q, double qHeight)
        {
            var square = spacing.Column * spacing.Column;
            return (((qHeight - pHeight) / square) + ((double)q * q) - ((double)p * p)) / (2.0 * (q - p));
        }
    }
}
