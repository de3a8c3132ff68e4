using System.Runtime.CompilerServices;
using Osteon.Masks;

namespace Osteon.Checking;

/// <summary>Finds where an outline crosses itself; even-odd filling leaves a hole there.</summary>
public static class PolygonCrossings
{
    /// <summary>Counting stops here: one is a fault, nine are a scribble.</summary>
    public const int Most = 9;

    // A made-up outline of a million long edges must not hold up everything.
    private const long MaxComparisons = 20_000_000;

    /// <summary>Pairs of edges that pass through each other; touching, meeting at a vertex and running along each other do not count.</summary>
    /// <param name="vertices">Closed implicitly.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Count(IReadOnlyList<Vertex> vertices)
    {
        var edges = new Edge[vertices.Count];
        var lefts = new double[vertices.Count];
        for (var i = 0; i < edges.Length; i++)
        {
            edges[i] = new Edge(vertices[i], vertices[i + 1 < edges.Length ? i + 1 : 0]);
            lefts[i] = edges[i].Left;
        }

        Array.Sort(lefts, edges);
        var (found, left) = (0, MaxComparisons);
        for (var i = 0; i < edges.Length && found < Most; i++)
        {
            ref readonly var edge = ref edges[i];
            for (var j = i + 1; j < edges.Length && lefts[j] <= edge.Right && --left > 0; j++)
            {
                if (edge.Meets(in edges[j]) && edge.Crosses(in edges[j]) && ++found == Most)
                {
                    break;
                }
            }
        }

        return found;
    }

    private readonly struct Edge(Vertex a, Vertex b)
    {
        private readonly double _ax = a.X, _ay = a.Y, _bx = b.X, _by = b.Y;
        private readonly double _top = Math.Min(a.Y, b.Y), _bottom = Math.Max(a.Y, b.Y);

        public double Left { get; } = Math.Min(a.X, b.X);

        public double Right { get; } = Math.Max(a.X, b.X);

        /// <summary>True where the two share rows.</summary>
        public bool Meets(in Edge other) => _bottom >= other._top && other._bottom >= _top;

        public bool Crosses(in Edge other) =>
            Side(other._ax, other._ay) * Side(other._bx, other._by) < 0 && other.Side(_ax, _ay) * other.Side(_bx, _by) < 0;

        private int Side(double x, double y) => Math.Sign(((_bx - _ax) * (y - _ay)) - ((_by - _ay) * (x - _ax)));
    }
}
