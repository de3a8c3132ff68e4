using Osteon.Annotations;
using Osteon.Masks;

namespace Osteon.Plugins.Yolo;

/// <summary>Where YOLO's description, images and label texts lie.</summary>
public sealed record YoloOptions : AnnotationOptions
{
    /// <summary>The description below the root: names, and folders or lists of train, val and test. Without such a file the usual folders are looked for.</summary>
    public string Data { get; init; } = "data.yaml";

    /// <summary>Names by number, where no description and no classes.txt tells them.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>
    /// Folder of label texts below the root. When empty, they lie as the field has it: where an image's path has a folder images, its
    /// label's has labels, else beside the image.
    /// </summary>
    public string Labels { get; init; } = string.Empty;

    /// <summary>Takes lines of four numbers as boxes, which are weak labels; otherwise they are an error.</summary>
    public bool Boxes { get; init; }

    /// <summary>How outlines become pixels: fillpoly_truncated (cv2.fillPoly of points cut to whole numbers, as Ultralytics draws them), fillpoly (of rounded points) or coco (pycocotools).</summary>
    public PolygonRaster Raster { get; init; } = PolygonRaster.FillpolyTruncated;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults() => [.. base.Faults(), .. FaultOfPath("data", Data), .. FaultOfPath("labels", Labels)];
}
