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
    public static int Count(IReadOnlyList<Vertex> vertices)
    {
        var edges = new Edge[vertices.Count];
        for (var i = 0; i < edges.Length; i++)
        {
            edges[i] = new Edge(vertices[i], vertices[i + 1 < edges.Length ? i + 1 : 0]);
        }

        Array.Sort(edges, (a, b) => a.Left.CompareTo(b.Left));
        var (found, left) = (0, MaxComparisons);
        for (var i = 0; i < edges.Length && found < Most; i++)
        {
            for (var j = i + 1; j < edges.Length && edges[j].Left <= edges[i].Right && --left > 0; j++)
            {
                if (edges[i].Crosses(edges[j]) && ++found == Most)
                {
                    break;
                }
            }
        }

        return found;
    }

    private readonly record struct Edge(Vertex A, Vertex B)
    {
        public double Left { get; } = Math.Min(A.X, B.X);

        public double Right { get; } = Math.Max(A.X, B.X);

        public bool Crosses(Edge other) =>
            Math.Max(A.Y, B.Y) >= Math.Min(other.A.Y, other.B.Y) && Math.Max(other.A.Y, other.B.Y) >= Math.Min(A.Y, B.Y)
            && Side(A, B, other.A) * Side(A, B, other.B) < 0 && Side(other.A, other.B, A) * Side(other.A, other.B, B) < 0;

        private static int Side(Vertex a, Vertex b, Vertex p) => Math.Sign(((b.X - a.X) * (p.Y - a.Y)) - ((b.Y - a.Y) * (p.X - a.X)));
    }
}
