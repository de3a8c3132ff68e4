using System.Collections.Concurrent;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>One case from its files to the store: truth as runs at the original size, image by area and words by nearest at the stored size.</summary>
internal sealed class CaseConversion(DatasetFormat format, string root, IReadOnlyList<string> classes, int size)
{
    private readonly Dictionary<string, int> _channels = classes.Select((name, k) => (name, k)).ToDictionary(c => c.name, c => c.k, StringComparer.Ordinal);
    private readonly HashSet<string> _known = [.. classes, .. format.Classes];

    /// <summary>Writes a case; null, and a red finding, when a file of it cannot be read.</summary>
    public StoredCase? Convert(CaseSource source, CaseStoreWriter writer, ConcurrentBag<Finding> findings)
    {
        Image image;
        try
        {
            image = format.ReadImage(root, source);
        }
        catch (DataException e)
        {
            findings.Add(new Finding(Severity.Red, "unreadable-image", source.ImagePath, e.What));
            return null;
        }

        var truth = source.LabelPath is null ? null : ReadTruth(source, image.Frame, findings);
        if (source.LabelPath is not null && truth is null)
        {
            return null;
        }

        var frame = StoredFrame(image.Frame);
        var stored = new StoredCase(source, image.Frame, frame, truth is not null);
        writer.Write(stored, Resize.Area(image, frame), truth is null ? null : Words(truth, frame), truth);
        return stored;
    }

    private Mask[]? ReadTruth(CaseSource source, Frame frame, ConcurrentBag<Finding> findings)
    {
        IReadOnlyList<Annotation> annotations;
        try
        {
            annotations = format.ReadLabels(root, source, frame);
        }
        catch (DataException e)
        {
            findings.Add(new Finding(Severity.Red, "unreadable-label", source.LabelPath!, e.What));
            return null;
        }

        var truth = Enumerable.Repeat(Mask.Empty(frame), classes.Count).ToArray();
        foreach (var annotation in annotations)
        {
            // A class the experiment leaves out is judged all the same: a shape off the frame says that the whole file is.
            Judge(annotation, source, frame, findings);
            if (_channels.TryGetValue(annotation.Class, out var k))
            {
                var mask = Pixels(annotation, frame);
                truth[k] = truth[k].IsEmpty ? mask : truth[k].Union(mask);
            }
        }

        return truth;
    }

    private void Judge(Annotation annotation, CaseSource source, Frame frame, ConcurrentBag<Finding> findings)
    {
        if (!_known.Contains(annotation.Class))
        {
            findings.Add(new Finding(Severity.Red, "unknown-class", source.LabelPath!,
                $"class '{annotation.Class}' is not among {string.Join(", ", _known.Order(StringComparer.Ordinal))}."));
        }

        if (annotation is not PolygonAnnotation { Polygon: var polygon })
        {
            return;
        }

        var outside = polygon.Vertices.Count(v => !(v.X >= 0 && v.Y >= 0 && v.X <= frame.Width - 1 && v.Y <= frame.Height - 1));
        if (polygon.Frame != frame)
        {
            findings.Add(new Finding(Severity.Red, "size-mismatch", source.LabelPath!, $"'{annotation.Class}' is drawn in {polygon.Frame}, the image is {frame}."));
        }
        else if (outside > 0)
        {
            findings.Add(new Finding(Severity.Red, "polygon-outside-frame", source.LabelPath!,
                $"'{annotation.Class}' has {outside} of {polygon.Vertices.Count} points outside the image, which is {frame}. Label and image are of different frames, or the point is a slip."));
        }
    }

    private static Mask Pixels(Annotation annotation, Frame frame) => annotation switch
    {
        MaskAnnotation { Mask: var mask } => mask,
        PolygonAnnotation { Polygon: var polygon } when polygon.Vertices.All(IsDrawable) => Polygons.FillPoly(polygon with { Frame = frame }, frame),
        PolygonAnnotation => Mask.Empty(frame),                     // judged red already
        _ => throw new InvalidOperationException($"No rule draws a {annotation.GetType().Name}."),
    };

    private static bool IsDrawable(Vertex vertex) => Math.Abs(vertex.X) <= Polygons.MaxCoordinate && Math.Abs(vertex.Y) <= Polygons.MaxCoordinate;

    private Frame StoredFrame(Frame original)
    {
        var longer = Math.Max(original.Height, original.Width);
        return size == 0 || size >= longer
            ? original
            : new Frame(Scaled(original.Height, longer), Scaled(original.Width, longer));
    }

    private int Scaled(int side, int longer) => Math.Max(1, (int)Math.Round((double)side * size / longer));

    private LabelMap Words(Mask[] truth, Frame frame)
    {
        var words = new LabelMap(truth[0].Frame, classes.Count);
        for (var k = 0; k < truth.Length; k++)
        {
            words.Add(truth[k], k);
        }

        return frame == words.Frame ? words : Resize.Nearest(words, frame);
    }
}
