using Osteon.Masks;

namespace Osteon.Reporting;

/// <summary>Takes runs to a smaller frame by the value at each target pixel's centre, without rasterising the large one.</summary>
internal sealed class MaskSampling
{
    private readonly Frame _from, _to;

    /// <summary>For a source row or column, the first target one sampled at or after it.</summary>
    private readonly int[] _rows, _columns;

    public MaskSampling(Frame from, Frame to)
    {
        (_from, _to) = (from, to);
        _rows = FirstAtOrAfter(from.Height, to.Height);
        _columns = FirstAtOrAfter(from.Width, to.Width);
    }

    /// <summary>Sets a bit wherever the mask is set.</summary>
    public void Set(Mask mask, ulong bit, Span<ulong> words)
    {
        foreach (var run in mask.Runs)
        {
            // A run may continue past the end of a row.
            for (var start = run.Start; start < run.End;)
            {
                var row = start / _from.Width;
                var end = (int)Math.Min(run.End, ((long)row + 1) * _from.Width);
                var column = start - (row * _from.Width);
                for (var y = _rows[row]; y < _rows[row + 1]; y++)
                {
                    var (left, right) = (_columns[column], _columns[column + (end - start)]);
                    foreach (ref var word in words.Slice((y * _to.Width) + left, right - left))
                    {
                        word |= bit;
                    }
                }

                start = end;
            }
        }
    }

    private static int[] FirstAtOrAfter(int from, int to)
    {
        var first = new int[from + 1];
        var target = 0;
        for (var source = 0; source <= from; source++)
        {
            while (target < to && (((2L * target) + 1) * from / (2L * to)) < source)
            {
                target++;
            }

            first[source] = target;
        }

        first[from] = to;
        return first;
    }
}
