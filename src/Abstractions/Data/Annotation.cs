using Osteon.Masks;

namespace Osteon.Abstractions;

/// <summary>One labelled shape: an outline, or pixels. Several may share a class, and classes may overlap.</summary>
public abstract record Annotation(string Class)
{
    /// <summary>What its file says of it that is not so, for people; null: nothing.</summary>
    public string? Contradiction { get; init; }
}

/// <summary>A polygon; an annotation of several parts is several of them, whose pixels are joined.</summary>
public sealed record PolygonAnnotation(string Class, Polygon Polygon) : Annotation(Class)
{
    /// <summary>How it is drawn; what <see cref="DatasetFormat.Raster"/> says for the whole data set.</summary>
    public PolygonRaster Raster { get; init; } = PolygonRaster.Fillpoly;
}

/// <summary>Pixels, as runs in the image's frame.</summary>
public sealed record MaskAnnotation(string Class, Mask Mask) : Annotation(Class);
