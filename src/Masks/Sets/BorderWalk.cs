namespace Osteon.Masks;

/// <summary>
/// Walks along the edges between set and unset pixels with the set ones to the right: clockwise around a part, the other way round a hole.
/// Each edge belongs to one loop, so that what lies behind a border is known by its edge.
/// </summary>
internal sealed class BorderWalk
{
    // Right, down, left, up: steps between corners; (dx, dy) of the set pixel beside the step, and of the unset one.
    private static readonly (int X, int Y)[] Steps = [(1, 0), (0, 1), (-1, 0), (0, -1)];
    private static readonly (int X, int Y)[] Inside = [(0, 0), (-1, 0), (-1, -1), (0, -1)];
    private static readonly (int X, int Y)[] Outside = [(0, -1), (0, 0), (-1, 0), (-1, -1)];
    private const int Down = 1, Up = 3;

    private readonly Frame _frame;
    private readonly bool _diagonals;
    private readonly int _left, _top, _width, _height;
    private readonly byte[] _set;
    private readonly List<Loop> _loops = [];

    // The loop and the place in it of the edge that leads up from a corner: the left border of the pixel above.
    private readonly Dictionary<int, (int Loop, int At)> _lefts = [];

    /// <param name="mask">What to walk around.</param>
    /// <param name="diagonals">Whether pixels that touch by a corner are one part.</param>
    public BorderWalk(Mask mask, bool diagonals)
    {
        (_frame, _diagonals) = (mask.Frame, diagonals);
        var (top, bottom, left, right) = (int.MaxValue, -1, int.MaxValue, -1);
        foreach (var (y, from, to) in Rows(mask))
        {
            (top, bottom, left, right) = (Math.Min(top, y), y, Math.Min(left, from), Math.Max(right, to));
        }

        (_left, _top, _width, _height) = bottom < 0 ? (0, 0, 0, 0) : (left, top, right - left, bottom - top + 1);
        _set = new byte[(_width + 2) * (_height + 2)];              // an unset border all around
        foreach (var (y, from, to) in Rows(mask))
        {
            _set.AsSpan(Place(from - _left, y - _top), to - from).Fill(1);
        }

        WalkAll();
    }

    /// <summary>One outline a part, in the order of their first pixels.</summary>
    public IReadOnlyList<Polygon> Outlines(bool throughCentres)
    {
        var holes = new List<(int At, int Hole, int From)>[_loops.Count];
        for (var k = 0; k < _loops.Count; k++)
        {
            holes[k] = [];
        }

        for (var k = 0; k < _loops.Count; k++)
        {
            if (_loops[k].IsHole)
            {
                // To the left of a hole's leftmost border lies its own part, and left of that something that begins farther to the left: an outside, or another hole.
                var from = _loops[k].Leftmost(Down);
                var (x, y) = (_loops[k].Corners[from].X - 1, _loops[k].Corners[from].Y);
                while (IsSet(x - 1, y))
                {
                    x--;
                }

                var (loop, at) = _lefts[Corner(x, y + 1)];
                holes[loop].Add((at, k, from));
            }
        }

        var outlines = new List<Polygon>();
        for (var k = 0; k < _loops.Count; k++)
        {
            if (!_loops[k].IsHole)
            {
                var vertices = new List<Vertex>();
                Append(k, 0, holes, vertices, throughCentres);
                outlines.Add(new Polygon(_frame, Closed(vertices, throughCentres)));
            }
        }

        return outlines;
    }

    // Holes in holes' bridges may be many deep: the stack is on the heap.
    private void Append(int first, int from, List<(int At, int Hole, int From)>[] holes, List<Vertex> vertices, bool throughCentres)
    {
        var stack = new Stack<(int Loop, int From, int Done, int Hole)>();
        stack.Push((first, from, 0, 0));
        while (stack.TryPop(out var at))
        {
            var loop = _loops[at.Loop];
            var mine = holes[at.Loop];
            var (done, hole) = (at.Done, at.Hole);
            for (; done <= loop.Corners.Count; done++, hole = 0)
            {
                var place = (at.From + done) % loop.Corners.Count;
                Add(vertices, VertexOf(loop, place, throughCentres));
                if (done < loop.Corners.Count && NextHole(mine, place, hole) is { } next)
                {
                    stack.Push((at.Loop, at.From, done, next + 1));

                    // Along the edges the bridge leads to the lower end of the hole's edge, which is the corner behind it.
                    stack.Push((mine[next].Hole, throughCentres ? mine[next].From : (mine[next].From + 1) % _loops[mine[next].Hole].Corners.Count, 0, 0));
                    break;
                }
            }
        }
    }

    private static int? NextHole(List<(int At, int Hole, int From)> holes, int place, int from)
    {
        for (var i = from; i < holes.Count; i++)
        {
            if (holes[i].At == place)
            {
                return i;
            }
        }

        return null;
    }

    private Vertex VertexOf(Loop loop, int place, bool throughCentres)
    {
        var (x, y, step) = loop.Corners[place];
        return throughCentres ? new Vertex(_left + x + Inside[step].X, _top + y + Inside[step].Y) : new Vertex(_left + x, _top + y);
    }

    private static void Add(List<Vertex> vertices, Vertex vertex)
    {
        if (vertices.Count == 0 || vertices[^1] != vertex)
        {
            vertices.Add(vertex);
        }
    }

    // The walk comes back to where it began; along edges only turns are kept. An outline has three points, even of one pixel.
    private static Vertex[] Closed(List<Vertex> vertices, bool throughCentres)
    {
        if (vertices.Count > 1 && vertices[^1] == vertices[0])
        {
            vertices.RemoveAt(vertices.Count - 1);
        }

        var kept = throughCentres ? vertices : [.. vertices.Where((v, i) => !IsBetween(vertices[(i + vertices.Count - 1) % vertices.Count], v, vertices[(i + 1) % vertices.Count]))];
        while (kept.Count < 3)
        {
            kept.Add(kept[0]);
        }

        return [.. kept];
    }

    private static bool IsBetween(Vertex a, Vertex b, Vertex c) =>
        ((b.X - a.X) * (c.Y - b.Y)) == ((b.Y - a.Y) * (c.X - b.X)) && ((b.X - a.X) * (c.X - b.X)) + ((b.Y - a.Y) * (c.Y - b.Y)) > 0;

    private void WalkAll()
    {
        var walked = new byte[(_width + 1) * (_height + 1)];
        for (var y = 0; y <= _height; y++)
        {
            for (var x = 0; x <= _width; x++)
            {
                for (var step = 0; step < 4; step++)
                {
                    if (Leads(x, y, step) && (walked[Corner(x, y)] & (1 << step)) == 0)
                    {
                        _loops.Add(Walk(x, y, step, walked));
                    }
                }
            }
        }
    }

    private Loop Walk(int x, int y, int step, byte[] walked)
    {
        var loop = new Loop();
        while ((walked[Corner(x, y)] & (1 << step)) == 0)
        {
            walked[Corner(x, y)] |= (byte)(1 << step);
            if (step == Up)
            {
                _lefts[Corner(x, y)] = (_loops.Count, loop.Corners.Count);
            }

            loop.Corners.Add((x, y, step));
            (x, y) = (x + Steps[step].X, y + Steps[step].Y);

            // Where two pixels touch by a corner, a turn to the left goes on to the other.
            var turns = _diagonals ? new[] { 3, 0, 1 } : [1, 0, 3];
            foreach (var turn in turns)
            {
                if (Leads(x, y, (step + turn) % 4))
                {
                    step = (step + turn) % 4;
                    break;
                }
            }
        }

        return loop.Finished();
    }

    private bool Leads(int x, int y, int step) => IsSet(x + Inside[step].X, y + Inside[step].Y) && !IsSet(x + Outside[step].X, y + Outside[step].Y);

    private bool IsSet(int x, int y) => _set[Place(x, y)] != 0;

    private int Place(int x, int y) => ((y + 1) * (_width + 2)) + x + 1;

    private int Corner(int x, int y) => (y * (_width + 1)) + x;

    // Runs may go on over the ends of rows.
    private static IEnumerable<(int Y, int From, int To)> Rows(Mask mask)
    {
        var width = mask.Frame.Width;
        for (var i = 0; i < mask.Runs.Length; i++)
        {
            var (start, end) = (mask.Runs[i].Start, (int)mask.Runs[i].End);
            while (start < end)
            {
                var (y, x) = Math.DivRem(start, width);
                var stop = (int)Math.Min(end, (y + 1L) * width);
                yield return (y, x, x + stop - start);
                start = stop;
            }
        }
    }

    /// <summary>A closed walk: each corner with the step that leads on from it.</summary>
    private sealed class Loop
    {
        public List<(int X, int Y, int Step)> Corners { get; } = [];

        /// <summary>True when the walk goes the other way round: twice its area, by the shoelace formula, is below 0.</summary>
        public bool IsHole { get; private set; }

        public Loop Finished()
        {
            IsHole = Corners.Sum(c => ((long)c.X * Steps[c.Step].Y) - ((long)c.Y * Steps[c.Step].X)) < 0;
            return this;
        }

        /// <summary>The place of the first of the leftmost edges that lead somewhere.</summary>
        public int Leftmost(int step)
        {
            var found = -1;
            for (var i = 0; i < Corners.Count; i++)
            {
                if (Corners[i].Step == step && (found < 0 || Corners[i].X < Corners[found].X))
                {
                    found = i;
                }
            }

            return found;
        }
    }
}
