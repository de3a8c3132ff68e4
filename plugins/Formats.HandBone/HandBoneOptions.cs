using Osteon.Masks;

namespace Osteon.Plugins.HandBone;

/// <summary>How the data set is read.</summary>
public sealed record HandBoneOptions
{
    /// <summary>Names that labels may have, in channel order, where a data set of this layout holds something else; the 29 bones when empty.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>How outlines become pixels: fillpoly (cv2.fillPoly, as all of the field's code does), fillpoly_truncated (of points cut to whole numbers) or coco (pycocotools).</summary>
    public PolygonRaster Raster { get; init; } = PolygonRaster.Fillpoly;
}
