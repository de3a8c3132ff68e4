namespace Osteon.Masks;

/// <summary>A vertex, in pixels: x to the right, y down; whole numbers are pixel centres.</summary>
public readonly record struct Vertex(double X, double Y);

/// <summary>A closed outline in a named frame. How it becomes pixels is a rule of its own (fillpoly, coco), kept in the run record.</summary>
/// <param name="Frame">The grid the vertices are counted in, which may differ from the image's: that is an error to report, not to scale away.</param>
/// <param name="Vertices">The outline in order; the last joins the first.</param>
public sealed record Polygon(Frame Frame, IReadOnlyList<Vertex> Vertices);
