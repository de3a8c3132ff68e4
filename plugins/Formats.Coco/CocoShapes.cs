using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Annotations;
using Osteon.Masks;

namespace Osteon.Plugins.Coco;

/// <summary>One annotation's segmentation: polygons, or runs in either of COCO's two forms.</summary>
internal static class CocoShapes
{
    /// <summary>The shapes of an annotation; none where it is left out.</summary>
    /// <param name="item">The annotation.</param>
    /// <param name="class">Its class.</param>
    /// <param name="frame">What its coordinates are counted in, by the file.</param>
    /// <param name="image">The image's frame.</param>
    /// <param name="raster">How outlines are drawn.</param>
    /// <param name="fault">Told what is wrong.</param>
    /// <param name="swappedSize">Whether the size of runs is [width, height].</param>
    public static IEnumerable<Annotation> Read(JsonElement item, string @class, Frame frame, Frame image, PolygonRaster raster, Action<string> fault, bool swappedSize = false)
    {
        if (!item.TryGetProperty("segmentation", out var segmentation) || segmentation.ValueKind == JsonValueKind.Null)
        {
            return [Nothing(@class, image)];                        // a box alone: Check tells a shape without a pixel
        }

        if (segmentation.ValueKind == JsonValueKind.Object)
        {
            return Runs(segmentation, image, swappedSize, fault) is { } mask ? [new MaskAnnotation(@class, mask)] : [];
        }

        if (segmentation.ValueKind != JsonValueKind.Array)
        {
            fault("'segmentation' is neither a list of polygons nor runs");
            return [];
        }

        if (segmentation.GetArrayLength() == 0)
        {
            return [Nothing(@class, image)];
        }

        // Some tools write a single polygon without the list around it.
        JsonElement[] parts = segmentation[0].ValueKind == JsonValueKind.Number ? [segmentation] : [.. segmentation.EnumerateArray()];
        var shapes = new List<Annotation>(parts.Length);
        for (var i = 0; i < parts.Length; i++)
        {
            var part = i;
            if (Vertices(parts[i], what => fault($"segmentation[{part}] {what}")) is { } vertices)
            {
                shapes.Add(vertices.Length == 0 ? Nothing(@class, image) : new PolygonAnnotation(@class, new Polygon(frame, vertices)) { Raster = raster });
            }
        }

        return shapes;
    }

    private static MaskAnnotation Nothing(string @class, Frame frame) => new(@class, Mask.Empty(frame));

    private static Vertex[]? Vertices(JsonElement part, Action<string> fault)
    {
        if (part.ValueKind != JsonValueKind.Array || part.GetArrayLength() % 2 != 0)
        {
            fault(part.ValueKind == JsonValueKind.Array ? $"has {part.GetArrayLength()} numbers; a polygon is a list of pairs [x1, y1, x2, y2, …]" : "is not a list [x1, y1, x2, y2, …]");
            return null;
        }

        var numbers = new double[part.GetArrayLength()];
        var at = 0;
        foreach (var number in part.EnumerateArray())
        {
            if (number.ValueKind != JsonValueKind.Number || !number.TryGetDouble(out numbers[at]) || !double.IsFinite(numbers[at]))
            {
                fault($"holds {Few.Quoted(number.GetRawText())} where a coordinate is expected");
                return null;
            }

            at++;
        }

        var vertices = new Vertex[numbers.Length / 2];
        for (var i = 0; i < vertices.Length; i++)
        {
            vertices[i] = new Vertex(numbers[2 * i], numbers[(2 * i) + 1]);
        }

        return vertices;
    }

    private static Mask? Runs(JsonElement segmentation, Frame image, bool swappedSize, Action<string> fault)
    {
        if (!segmentation.TryGetProperty("size", out var size) || size.ValueKind != JsonValueKind.Array || size.GetArrayLength() != 2
            || size[0].ValueKind != JsonValueKind.Number || size[1].ValueKind != JsonValueKind.Number || !size[0].TryGetInt32(out var height) || !size[1].TryGetInt32(out var width))
        {
            fault("'size' of its runs is not [height, width]");
            return null;
        }

        if (swappedSize)
        {
            (height, width) = (width, height);
        }

        if (new Frame(height, width) != image)
        {
            fault($"'size' of its runs says {height}×{width}, the image is {image}; they must agree"
                + (height == image.Width && width == image.Height ? $". Height and width are the wrong way round: swapped_size: {(swappedSize ? "false" : "true")} reads them so" : string.Empty));
            return null;
        }

        if (!segmentation.TryGetProperty("counts", out var counts))
        {
            fault("its runs have no 'counts'");
            return null;
        }

        try
        {
            switch (counts.ValueKind)
            {
                case JsonValueKind.String:
                    return Rle.Decode(counts.GetString()!.AsSpan(), RleConvention.CocoString, image);
                case JsonValueKind.Array:
                    var list = new int[counts.GetArrayLength()];
                    var at = 0;
                    foreach (var count in counts.EnumerateArray())
                    {
                        if (count.ValueKind != JsonValueKind.Number || !count.TryGetInt32(out list[at]))
                        {
                            fault($"'counts' holds {Few.Quoted(count.GetRawText())} where a whole number is expected");
                            return null;
                        }

                        at++;
                    }

                    return Rle.FromCounts(list, image);
                default:
                    fault("'counts' is neither a list nor a text");
                    return null;
            }
        }
        catch (MaskFormatException e)
        {
            fault($"'counts': {e.Message}");
            return null;
        }
    }
}
