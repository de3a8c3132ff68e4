using Osteon.Masks;

namespace Osteon.Plugins.LabelMe;

/// <summary>Outlines of LabelMe's shapes.</summary>
internal static class LabelMeShapes
{
    private const double Chord = 0.05;                              // a circle's outline is nowhere further from its polygon, in pixels

    /// <summary>The four corners of two opposite ones.</summary>
    public static Vertex[] Rectangle(Vertex a, Vertex b) => [a, new(b.X, a.Y), b, new(a.X, b.Y)];

    /// <summary>A circle as a polygon that cannot be told from it.</summary>
    public static Vertex[] Circle(Vertex centre, double radius)
    {
        var corners = radius <= Chord ? 4 : Math.Clamp((int)Math.Ceiling(Math.PI / Math.Acos(1 - Math.Min(1, Chord / radius))), 8, 4096);
        return [.. Enumerable.Range(0, corners).Select(i => new Vertex(centre.X + (radius * Math.Cos(2 * Math.PI * i / corners)), centre.Y + (radius * Math.Sin(2 * Math.PI * i / corners))))];
    }

    /// <summary>A thick line: a quadrangle for each of its parts, a disc at each of its points.</summary>
    public static IEnumerable<Vertex[]> Stroke(IReadOnlyList<Vertex> points, double width)
    {
        for (var i = 0; i < points.Count; i++)
        {
            yield return Circle(points[i], width / 2);
            if (i + 1 < points.Count)
            {
                var (a, b) = (points[i], points[i + 1]);
                var length = double.Hypot(b.X - a.X, b.Y - a.Y);
                if (length > 0)
                {
                    var (x, y) = ((a.Y - b.Y) * width / (2 * length), (b.X - a.X) * width / (2 * length));
                    yield return [new(a.X + x, a.Y + y), new(b.X + x, b.Y + y), new(b.X - x, b.Y - y), new(a.X - x, a.Y - y)];
                }
            }
        }
    }
}
