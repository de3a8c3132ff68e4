using System.Runtime.InteropServices;
using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.HandBone;

/// <summary>
/// The outlines of one image. The file's <c>metadata</c> says 3060×3060 although its points are counted in the image's own
/// frame, and its <c>filename</c> ends in .jpg although the image is a .png: the first is not read, of the second only the stem.
/// </summary>
internal static class HandBoneLabels
{
    /// <summary>Real files have about 1 MB; this stops one that was made to exhaust memory.</summary>
    private const long MaxBytes = 64 << 20;

    private const int MaxFaultsTold = 20;

    /// <param name="file">Where the file lies.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="frame">The image's frame.</param>
    /// <param name="raster">How outlines are drawn.</param>
    /// <param name="classes">Names that are allowed; the bones when empty.</param>
    /// <exception cref="DataException">With all faults of the file.</exception>
    public static IReadOnlyList<Annotation> Read(string file, string name, Frame frame, PolygonRaster raster = PolygonRaster.Fillpoly, IReadOnlyList<string>? classes = null)
    {
        using var document = Parse(file, name);
        try
        {
            return Read(document.RootElement, name, frame, raster, classes ?? []);
        }
        catch (InvalidOperationException e)                         // half a surrogate pair, or bytes that are no UTF-8, inside a text
        {
            throw new DataException(name, $"holds text that is not Unicode: {e.Message}", e);
        }
    }

    private static List<Annotation> Read(JsonElement root, string name, Frame frame, PolygonRaster raster, IReadOnlyList<string> classes)
    {
        var faults = new List<string>();
        var annotations = new List<Annotation>();
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new DataException(name, "is not a JSON object with 'annotations' and 'filename'.");
        }

        CheckStem(root, Path.GetFileNameWithoutExtension(name), faults);
        if (root.TryGetProperty("annotations", out var list) && list.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in list.EnumerateArray())
            {
                if (ReadOne(item, frame, raster, classes, fault => faults.Add($"annotation {index}: {fault}")) is { } annotation)
                {
                    annotations.Add(annotation);
                }

                index++;
            }
        }
        else
        {
            faults.Add("'annotations' is not a list");
        }

        return faults.Count == 0 ? annotations : throw new DataException(name, Told(faults));
    }

    private static JsonDocument Parse(string file, string name)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (stream.Length > MaxBytes)
            {
                throw new DataException(name, $"has {stream.Length:N0} bytes; a label file has at most {MaxBytes:N0}.");
            }

            // A stream, because that way a byte order mark is skipped.
            return JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = 32 });
        }
        catch (JsonException e)
        {
            throw new DataException(name, $"is not JSON: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(name, $"cannot be read: {e.Message}", e);
        }
    }

    private static void CheckStem(JsonElement root, string stem, List<string> faults)
    {
        if (!root.TryGetProperty("filename", out var name) || name.ValueKind != JsonValueKind.String)
        {
            faults.Add("'filename' is missing");
        }
        else if (Path.GetFileNameWithoutExtension(name.GetString()!) is var found && found != stem)
        {
            faults.Add($"'filename' is {Quoted(name.GetString()!)}, but the label file is called {stem}: it belongs to another image");
        }
    }

    private static PolygonAnnotation? ReadOne(JsonElement item, Frame frame, PolygonRaster raster, IReadOnlyList<string> classes, Action<string> fault)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            fault("is not an object");
            return null;
        }

        var type = Text(item, "type");
        if (type != "poly_seg")
        {
            fault($"'type' is {Quoted(type)}; only poly_seg can be read");
        }

        var label = Text(item, "label");
        var known = label is not null && (classes.Count > 0 ? classes.Contains(label) : HandBoneClasses.Known.Contains(label));
        if (!known)
        {
            fault($"'label' is {Quoted(label)}; allowed are {(classes.Count > 0 ? string.Join(", ", classes) : $"finger-1 … finger-19, {string.Join(", ", HandBoneClasses.All.Skip(19))}")}");
        }

        var vertices = Vertices(item, fault);
        return type == "poly_seg" && known && vertices is not null ? new PolygonAnnotation(label!, new Polygon(frame, vertices)) { Raster = raster } : null;
    }

    private static Vertex[]? Vertices(JsonElement item, Action<string> fault)
    {
        if (!item.TryGetProperty("points", out var points) || points.ValueKind != JsonValueKind.Array)
        {
            fault("'points' is not a list");
            return null;
        }

        if (points.GetArrayLength() is var count && count < 3)
        {
            fault($"'points' has {count} points; an outline has at least 3");
            return null;
        }

        var vertices = new Vertex[count];
        if (AreWhole(JsonMarshal.GetRawUtf8Value(points), vertices))
        {
            return vertices;
        }

        var i = 0;
        foreach (var point in points.EnumerateArray())
        {
            if (!IsPair(point, out var x, out var y))
            {
                fault($"point {i} is {Quoted(point.GetRawText())}, not [x, y]");
                return null;
            }

            vertices[i++] = new Vertex(x, y);
        }

        return vertices;
    }

    // Most files hold whole numbers alone, and are read at once; what is otherwise is looked at point by point.
    private static bool AreWhole(ReadOnlySpan<byte> points, Span<Vertex> vertices)
    {
        var reader = new Utf8JsonReader(points);
        reader.Read();
        foreach (ref var vertex in vertices)
        {
            if (!(reader.Read() && reader.TokenType == JsonTokenType.StartArray && reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var x)
                && reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var y) && reader.Read() && reader.TokenType == JsonTokenType.EndArray))
            {
                return false;
            }

            vertex = new Vertex(x, y);
        }

        return true;
    }

    private static bool IsPair(JsonElement point, out double x, out double y)
    {
        (x, y) = (0, 0);
        if (point.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        var numbers = point.EnumerateArray();
        return numbers.MoveNext() && IsNumber(numbers.Current, out x) && numbers.MoveNext() && IsNumber(numbers.Current, out y) && !numbers.MoveNext();
    }

    private static bool IsNumber(JsonElement element, out double value)
    {
        value = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out value) && double.IsFinite(value);
    }

    private static string? Text(JsonElement item, string key) =>
        item.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Quoted(string? text) => text switch
    {
        null => "missing",
        { Length: > 40 } => $"'{text[..40]}…'",
        _ => $"'{text}'",
    };

    private static string Told(List<string> faults) => string.Join("; ", faults.Take(MaxFaultsTold))
        + (faults.Count > MaxFaultsTold ? $"; and {faults.Count - MaxFaultsTold} more" : string.Empty);
}
