using Osteon.Masks;

namespace Osteon.Plugins.HandBone;

/// <summary>How the data set is read.</summary>
public sealed record HandBoneOptions
{
    /// <summary>How outlines become pixels: fillpoly (cv2.fillPoly, as all of the field's code does), fillpoly_truncated (of points cut to whole numbers) or coco (pycocotools).</summary>
    public PolygonRaster Raster { get; init; } = PolygonRaster.Fillpoly;
}
