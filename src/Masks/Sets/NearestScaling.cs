namespace Osteon.Masks;

/// <summary>Takes masks to another frame by the nearest pixel, on runs, without drawing them.</summary>
/// <remarks>OpenCV's rule for INTER_NEAREST, ⌊x · scale⌋ in double precision, to the pixel.</remarks>
public sealed class NearestScaling
{
    private readonly Frame _from, _to;

    /// <summary>The source row of each target row.</summary>
    private readonly int[] _rows;

    /// <summary>For each source column, and one past the last, the first target column taken from it or from a later one.</summary>
    private readonly int[] _columns;

    /// <summary>Prepares for masks of one frame.</summary>
    public NearestScaling(Frame from, Frame to)
    {
        (_from, _to) = (from, to);
        _rows = Sources(from.Height, to.Height);
        _columns = new int[from.Width + 1];
        var sources = Sources(from.Width, to.Width);
        for (int source = 0, target = 0; source <= from.Width; source++)
        {
            while (target < sources.Length && sources[target] < source)
            {
                target++;
            }

            _columns[source] = target;
        }
    }

    /// <summary>The mask in the target frame; the same object when the frames are one.</summary>
    /// <exception cref="ArgumentException">The mask is of another frame.</exception>
    public Mask Apply(Mask mask)
    {
        if (mask.Frame != _from)
        {
            throw new ArgumentException($"The mask is {mask.Frame}, expected {_from}.", nameof(mask));
        }

        if (_from == _to || mask.IsEmpty)
        {
            return _from == _to ? mask : Mask.Empty(_to);
        }

        var runs = mask.Runs;
        var scaled = new List<Run>();
        var first = 0;
        for (var y = 0; y < _to.Height; y++)
        {
            var begin = (long)_rows[y] * _from.Width;
            var end = begin + _from.Width;
            while (first < runs.Length && runs[first].End <= begin)
            {
                first++;
            }

            for (var i = first; i < runs.Length && runs[i].Start < end; i++)
            {
                var left = _columns[Math.Max(runs[i].Start, begin) - begin];
                var right = _columns[Math.Min(runs[i].End, end) - begin];
                if (right > left)
                {
                    Append(scaled, (y * _to.Width) + left, right - left);
                }
            }
        }

        return new Mask(_to, [.. scaled]);
    }

    private static int[] Sources(int from, int to)
    {
        var step = 1.0 / ((double)to / from);
        var sources = new int[to];
        for (var i = 0; i < to; i++)
        {
            sources[i] = Math.Min((int)Math.Floor(i * step), from - 1);
        }

        return sources;
    }

    private static void Append(List<Run> runs, int start, int length)
    {
        if (runs.Count > 0 && runs[^1].End == start)
        {
            runs[^1] = new Run(runs[^1].Start, runs[^1].Length + length);
        }
        else
        {
            runs.Add(new Run(start, length));
        }
    }
}
