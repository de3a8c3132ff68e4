using Osteon.Masks;

namespace Osteon.Abstractions;

/// <summary>One labelled shape: an outline, or pixels. Several may share a class, and classes may overlap.</summary>
public abstract record Annotation(string Class);

/// <summary>A polygon, drawn by OpenCV's fillPoly rule (boundary pixels included).</summary>
public sealed record PolygonAnnotation(string Class, Polygon Polygon) : Annotation(Class);

/// <summary>Pixels, as runs in the image's frame.</summary>
public sealed record MaskAnnotation(string Class, Mask Mask) : Annotation(Class);
