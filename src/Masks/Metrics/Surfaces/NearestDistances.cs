namespace Osteon.Masks;

/// <summary>
/// Exact Euclidean distances from pixels of a box to the nearest of some others, in time linear in the box: distances down each
/// column, then along each row the lower envelope of the parabolas that stand on them.
/// </summary>
/// <remarks>Felzenszwalb, Huttenlocher 2012, doi:10.4086/toc.2012.v008a019; the column pass is Meijster, Roerdink, Hesselink 2000's.</remarks>
internal static class NearestDistances
{
    private const int Nowhere = int.MaxValue;

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
        for (int i = 0, row = -1; i < from.Count; i++)
        {
            var (y, x) = (from[i] / box.Width, from[i] % box.Width);
            if (y != row)
            {
                envelope.Build(rows.AsSpan(y * box.Width, box.Width));
                row = y;
            }

            distances[i] = envelope.At(x);
        }

        return distances;
    }

    /// <summary>Of each pixel, the number of rows to the nearest target in its own column.</summary>
    private static int[] RowsToNearest(SurfaceBox box, List<int> to)
    {
        var rows = new int[box.Height * box.Width];
        Array.Fill(rows, Nowhere);
        foreach (var target in to)
        {
            rows[target] = 0;
        }

        for (var i = box.Width; i < rows.Length; i++)
        {
            rows[i] = Math.Min(rows[i], Next(rows[i - box.Width]));
        }

        for (var i = rows.Length - box.Width - 1; i >= 0; i--)
        {
            rows[i] = Math.Min(rows[i], Next(rows[i + box.Width]));
        }

        return rows;
    }

    private static int Next(int rows) => rows == Nowhere ? Nowhere : rows + 1;

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

                var height = rows[q] * spacing.Row * (rows[q] * spacing.Row);
                var start = double.NegativeInfinity;
                while (_last >= 0 && (start = Crossing(_vertex[_last], _height[_last], q, height)) <= _from[_last])
                {
                    _last--;
                }

                _last++;
                (_vertex[_last], _height[_last], _from[_last]) = (q, height, _last == 0 ? double.NegativeInfinity : start);
            }
        }

        /// <summary>The distance at a column; columns must ascend after a Build.</summary>
        public double At(int x)
        {
            while (_next < _last && _from[_next + 1] < x)
            {
                _next++;
            }

            var across = (x - _vertex[_next]) * spacing.Column;
            return Math.Sqrt(_height[_next] + (across * across));
        }

        // Where the parabola on q begins to be lower than the one on p < q.
        private double Crossing(int p, double pHeight, int q, double qHeight)
        {
            var square = spacing.Column * spacing.Column;
            return (((qHeight - pHeight) / square) + ((double)q * q) - ((double)p * p)) / (2.0 * (q - p));
        }
    }
}
