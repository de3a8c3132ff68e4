namespace Osteon.Masks;

/// <summary>A vertex, in pixels: x to the right, y down. Whether whole numbers are pixel centres or edges is the <see cref="PolygonRaster"/>'s matter.</summary>
public readonly record struct Vertex(double X, double Y);

/// <summary>A closed outline in a named frame. How it becomes pixels is a rule of its own (<see cref="PolygonRaster"/>), kept in the run record.</summary>
/// <param name="Frame">The grid the vertices are counted in, which may differ from the image's: that is an error to report, not to scale away.</param>
/// <param name="Vertices">The outline in order; the last joins the first.</param>
public sealed record Polygon(Frame Frame, IReadOnlyList<Vertex> Vertices);

/// <summary>How an outline becomes pixels. The rules differ along every border, which on small classes is more than models differ.</summary>
public enum PolygonRaster
{
    /// <summary>cv2.fillPoly of vertices rounded half to even; whole numbers are pixel centres, and the boundary is drawn.</summary>
    Fillpoly,

    /// <summary>cv2.fillPoly of vertices cut to whole numbers, as <c>np.array(points, np.int32)</c> does it; the boundary is drawn.</summary>
    FillpolyTruncated,

    /// <summary>pycocotools' rule: whole numbers are pixel edges, and a pixel counts by the outline at a fifth of a pixel.</summary>
    Coco,
}

/// <summary>What follows of a rule.</summary>
public static class PolygonRasters
{
    /// <summary>The rule's name in experiments and records: fillpoly, fillpoly_truncated, coco.</summary>
    public static string Name(this PolygonRaster raster) => raster switch
    {
        PolygonRaster.Fillpoly => "fillpoly",
        PolygonRaster.FillpolyTruncated => "fillpoly_truncated",
        PolygonRaster.Coco => "coco",
        _ => throw new ArgumentOutOfRangeException(nameof(raster), raster, "This is no rule."),
    };

    /// <summary>
    /// True when a vertex lies on the frame: up to its last pixel's centre, or up to its edge where whole numbers are edges; a hundredth
    /// of a pixel is the rounding of a file.
    /// </summary>
    public static bool Holds(this PolygonRaster raster, Frame frame, Vertex vertex)
    {
        const double Slack = 0.01;
        var last = (raster == PolygonRaster.Fillpoly ? 1 : 0) - Slack;
        return vertex.X >= -Slack && vertex.Y >= -Slack && vertex.X <= frame.Width - last && vertex.Y <= frame.Height - last;
    }
}
