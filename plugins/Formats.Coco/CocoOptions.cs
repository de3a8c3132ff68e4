using Osteon.Annotations;
using Osteon.Masks;

namespace Osteon.Plugins.Coco;

/// <summary>Where images and COCO instances files lie, and which categories make which class.</summary>
public sealed record CocoOptions : AnnotationOptions
{
    /// <summary>The instances file below the root: images, annotations and categories in one JSON.</summary>
    public string Annotations { get; init; } = "annotations.json";

    /// <summary>The instances file of test images; none when empty.</summary>
    public string TestAnnotations { get; init; } = string.Empty;

    /// <summary>Folder of test images: those that test_annotations lists, or without it all, to predict only.</summary>
    public string TestImages { get; init; } = string.Empty;

    /// <summary>How outlines become pixels: coco (pycocotools), fillpoly (cv2.fillPoly of rounded points) or fillpoly_truncated (of points cut to whole numbers).</summary>
    public PolygonRaster Raster { get; init; } = PolygonRaster.Coco;

    /// <summary>Whether annotations of crowds (iscrowd: 1) are part of their class, or left out.</summary>
    public bool Crowds { get; init; } = true;

    /// <summary>Reads runs whose size is [width, height], as some exports have it; COCO's own is [height, width]. The runs go by columns all the same.</summary>
    public bool SwappedSize { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Faults() =>
    [
        .. base.Faults(),
        .. FaultOfPath("annotations", Annotations),
        .. FaultOfPath("test_annotations", TestAnnotations),
        .. FaultOfPath("test_images", TestImages),
        .. Annotations.Length == 0 ? ["annotations names no file; it is the JSON with images, annotations and categories."] : Array.Empty<string>(),
        .. TestAnnotations.Length > 0 && TestAnnotations == Annotations ? ["annotations and test_annotations are the same file; split decides who tests."] : Array.Empty<string>(),
    ];
}
