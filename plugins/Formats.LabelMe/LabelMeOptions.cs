using System.ComponentModel.DataAnnotations;
using Osteon.Annotations;
using Osteon.Masks;

namespace Osteon.Plugins.LabelMe;

/// <summary>Where images and LabelMe's files lie. LabelMe writes them beside each other, which the defaults take.</summary>
public sealed record LabelMeOptions : LabelFileOptions
{
    /// <summary>Images and labels lie beside each other, at the root or in folders.</summary>
    public LabelMeOptions() => (Images, Labels) = (".", ".");

    /// <summary>How outlines become pixels: fillpoly_truncated (cv2.fillPoly of points cut to whole numbers), fillpoly (of rounded points) or coco (pycocotools).</summary>
    public PolygonRaster Raster { get; init; } = PolygonRaster.FillpolyTruncated;

    /// <summary>Width in pixels by which lines and points are drawn; with 0 they are an error, as they cover nothing.</summary>
    [Range(0.0, 1000.0)]
    public double LineWidth { get; init; }
}
