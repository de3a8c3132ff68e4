using System.ComponentModel.DataAnnotations;
using Osteon.Masks;

namespace Osteon.Plugins.Coco;

/// <summary>How pixels are written into COCO's segmentation.</summary>
public enum SegmentationForm
{
    /// <summary>Outlines, one a connected part; holes are cut in.</summary>
    Polygon,

    /// <summary>Runs by columns, as pycocotools packs them.</summary>
    Rle,

    /// <summary>The same runs as a list of numbers.</summary>
    Counts,
}

/// <summary>How a COCO data set is written.</summary>
public sealed record CocoWriterOptions : IValidatableObject
{
    /// <summary>How pixels are written: polygon, rle or counts.</summary>
    public SegmentationForm Segmentation { get; init; }

    /// <summary>The rule that outlines are made for, and have to be drawn by: coco (pycocotools, along the pixels' edges) or fillpoly (cv2.fillPoly, through their centres).</summary>
    public PolygonRaster Raster { get; init; } = PolygonRaster.Coco;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Raster == PolygonRaster.FillpolyTruncated)
        {
            yield return new ValidationResult("is fillpoly_truncated, which cuts nothing from the whole numbers that are written; use fillpoly.", [nameof(Raster)]);
        }
    }
}
