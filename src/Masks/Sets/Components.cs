namespace Osteon.Masks;

/// <summary>Which pixels are neighbours.</summary>
public enum Connectivity
{
    /// <summary>Those above, below, left and right.</summary>
    Four = 4,

    /// <summary>The diagonal ones too.</summary>
    Eight = 8,
}

/// <summary>The connected components of a mask, found on its runs: no pixel is looked at one by one.</summary>
/// <remarks>
/// Numbered from 0 in the order of cv2.connectedComponents, less one: with four neighbours by their first pixel, row by row; with eight by the
/// first 2×2 block that they touch, as its block-wise algorithm meets them (Grana et al. 2010, doi:10.1109/TIP.2010.2044963).
/// </remarks>
public sealed class Components
{
    private readonly Frame _frame;
    private readonly Run[] _segments;
    private readonly int[] _labels;
    private readonly long[] _areas;
    private readonly bool[] _onEdge;

    private Components(Frame frame, Run[] segments, int[] labels, int count)
    {
        (_frame, _segments, _labels) = (frame, segments, labels);
        (_areas, _onEdge) = (new long[count], new bool[count]);
        for (var i = 0; i < segments.Length; i++)
        {
            var (row, column) = Math.DivRem(segments[i].Start, frame.Width);
            _areas[labels[i]] += segments[i].Length;
            _onEdge[labels[i]] |= row == 0 || row == frame.Height - 1 || column == 0 || column + segments[i].Length == frame.Width;
        }
    }

    /// <summary>How many there are.</summary>
    public int Count => _areas.Length;

    /// <summary>Pixels of each.</summary>
    public IReadOnlyList<long> Areas => _areas;

    /// <summary>True when one has a pixel in the frame's first or last row or column.</summary>
    public bool IsOnEdge(int component) => _onEdge[component];

    /// <summary>Those of a mask.</summary>
    public static Components Of(Mask mask, Connectivity connectivity)
    {
        var segments = Segments(mask);
        var parents = new int[segments.Length];
        var reach = connectivity == Connectivity.Eight ? 1 : 0;
        for (int i = 0, above = 0; i < segments.Length; i++)
        {
            parents[i] = i;
            var (row, column) = Math.DivRem(segments[i].Start, mask.Frame.Width);
            var (first, last) = (segments[i].Start - mask.Frame.Width - (column > 0 ? reach : 0), segments[i].End - mask.Frame.Width);
            var rowEnd = row * mask.Frame.Width;                    // of the row above
            last = Math.Min(last + reach, rowEnd);
            while (above < i && segments[above].End <= first)
            {
                above++;
            }

            for (var j = above; j < i && segments[j].Start < last; j++)
            {
                Join(parents, i, j);
            }
        }

        return Number(mask.Frame, segments, parents, connectivity);
    }

    /// <summary>The pixels of the components that are chosen.</summary>
    public Mask Where(Func<int, bool> chosen)
    {
        var keep = new bool[Count];
        for (var k = 0; k < keep.Length; k++)
        {
            keep[k] = chosen(k);
        }

        using var boundaries = new BoundaryList(Math.Max(2 * _segments.Length, 2));
        for (var i = 0; i < _segments.Length; i++)
        {
            if (keep[_labels[i]])
            {
                boundaries.Toggle(_segments[i].Start);
                boundaries.Toggle(_segments[i].End);
            }
        }

        return boundaries.ToMask(_frame);
    }

    /// <summary>Runs cut at the ends of rows.</summary>
    private static Run[] Segments(Mask mask)
    {
        var segments = new List<Run>(mask.Runs.Length);
        var width = mask.Frame.Width;
        foreach (var run in mask.Runs)
        {
            for (int start = run.Start, end; start < run.End; start = end)
            {
                end = (int)Math.Min(run.End, ((start / width) + 1L) * width);
                segments.Add(new Run(start, end - start));
            }
        }

        return [.. segments];
    }

    private static void Join(int[] parents, int a, int b)
    {
        var (x, y) = (Root(parents, a), Root(parents, b));
        parents[Math.Max(x, y)] = Math.Min(x, y);
    }

    private static int Root(int[] parents, int i)
    {
        while (parents[i] != i)
        {
            i = parents[i] = parents[parents[i]];
        }

        return i;
    }

    private static Components Number(Frame frame, Run[] segments, int[] parents, Connectivity connectivity)
    {
        var firsts = new Dictionary<int, long>();
        for (var i = 0; i < segments.Length; i++)
        {
            var (row, column) = Math.DivRem(segments[i].Start, frame.Width);
            var place = connectivity == Connectivity.Eight ? ((row / 2L) * frame.Width) + (column / 2) : segments[i].Start;
            var root = parents[i] = Root(parents, i);
            firsts[root] = firsts.TryGetValue(root, out var known) ? Math.Min(known, place) : place;
        }

        var order = firsts.OrderBy(f => f.Value).Select((f, k) => (f.Key, k)).ToDictionary(f => f.Key, f => f.k);
        var labels = new int[segments.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = order[parents[i]];
        }

        return new Components(frame, segments, labels, order.Count);
    }
}
