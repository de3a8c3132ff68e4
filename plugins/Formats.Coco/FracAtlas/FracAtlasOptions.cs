using Osteon.Annotations;
using Osteon.Masks;

namespace Osteon.Plugins.Coco;

/// <summary>Where the parts of FracAtlas lie. Files that are not named are found by their names, wherever below the root they are.</summary>
public sealed record FracAtlasOptions : AnnotationOptions
{
    /// <summary>The outlines below the root; when empty, COCO_fracture_masks.json is looked for.</summary>
    public string Annotations { get; init; } = string.Empty;

    /// <summary>The table of images below the root; when empty, dataset.csv is looked for.</summary>
    public string Table { get; init; } = string.Empty;

    /// <summary>The folder with train.csv, valid.csv and test.csv below the root; when empty, it is looked for.</summary>
    public string Splits { get; init; } = string.Empty;

    /// <summary>Takes only images with a fracture: those that the official split divides.</summary>
    public bool FracturedOnly { get; init; }

    /// <summary>How outlines become pixels: coco (pycocotools), fillpoly (cv2.fillPoly of rounded points) or fillpoly_truncated (of points cut to whole numbers).</summary>
    public PolygonRaster Raster { get; init; } = PolygonRaster.Coco;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults() =>
        [.. base.Faults(), .. FaultOfPath("annotations", Annotations), .. FaultOfPath("table", Table), .. FaultOfPath("splits", Splits)];
}
