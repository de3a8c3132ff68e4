using System.Buffers;
using Osteon.Abstractions;
using Osteon.Checking;
using Osteon.Datasets;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>
/// One case from its files to the store: truth as runs at the original size, image by area and words by nearest at the stored size, and
/// the facts that Check judges. Nothing is judged here.
/// </summary>
internal sealed class CaseConversion(DatasetFormat format, string root, IReadOnlyList<string> classes, int size, Spacing? spacing)
{
    // A file's claim can be anything.
    private const int LargestSide = 16384;
    private const long LargestGrowth = 16;
    private readonly Dictionary<string, int> _channels = classes.Select((name, k) => (name, k)).ToDictionary(c => c.name, c => c.k, StringComparer.Ordinal);

    /// <summary>Writes a case; a file that cannot be read comes back instead.</summary>
    public (StoredCase? Stored, UnreadFile? Unread) Convert(CaseSource source, CaseStoreWriter writer)
    {
        Image image;
        try
        {
            image = format.ReadImage(root, source);
        }
        catch (DataException e)
        {
            return (null, new UnreadFile(source.Id, source.ImagePath, IsLabel: false, e.What));
        }

        var frame = StoredFrame(image, size, spacing);
        if (Refusal(image, frame, spacing) is { } refusal)
        {
            return (null, new UnreadFile(source.Id, source.ImagePath, IsLabel: false, refusal));
        }

        if (source.LabelPath is null)
        {
            var bare = new StoredCase(source, image.Frame, frame, Labelled: false);
            writer.Write(bare, Scaled(image, frame), null, null, new CaseFacts(image.Origin, []));
            return (bare, null);
        }

        IReadOnlyList<Annotation> annotations;
        try
        {
            annotations = format.ReadLabels(root, source, image.Frame);
        }
        catch (DataException e)
        {
            return (null, new UnreadFile(source.Id, source.LabelPath, IsLabel: true, e.What));
        }

        var (truth, shapes) = Draw(annotations, image.Frame);
        var stored = new StoredCase(source, image.Frame, frame, Labelled: true);
        var words = ArrayPool<byte>.Shared.Rent(checked(frame.Area * LabelMap.WordBytesFor(classes.Count)));
        try
        {
            writer.Write(stored, Scaled(image, frame), Words(truth, LabelMap.Over(frame, classes.Count, words)), truth, new CaseFacts(image.Origin, shapes));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(words);
        }

        return (stored, null);
    }

    private (Mask[] Truth, ShapeFacts[] Shapes) Draw(IReadOnlyList<Annotation> annotations, Frame frame)
    {
        var truth = Enumerable.Repeat(Mask.Empty(frame), classes.Count).ToArray();
        var shapes = new ShapeFacts[annotations.Count];
        for (var i = 0; i < shapes.Length; i++)
        {
            // A class that the experiment leaves out is drawn all the same: a shape off the frame says that the whole file is.
            var mask = Pixels(annotations[i], frame);
            shapes[i] = FactsOf(annotations[i], mask);
            if (_channels.TryGetValue(annotations[i].Class, out var k))
            {
                truth[k] = truth[k].IsEmpty ? mask : truth[k].Union(mask);
            }
        }

        return (truth, shapes);
    }

    private static ShapeFacts FactsOf(Annotation annotation, Mask mask)
    {
        if (annotation is not PolygonAnnotation { Polygon: var polygon, Raster: var raster })
        {
            return new ShapeFacts(annotation.Class, mask.Frame.Height, mask.Frame.Width, 0, 0, 0, mask.Area);
        }

        var outside = polygon.Vertices.Count(v => !raster.Holds(mask.Frame, v));
        return new ShapeFacts(annotation.Class, polygon.Frame.Height, polygon.Frame.Width, polygon.Vertices.Count, outside, PolygonCrossings.Count(polygon.Vertices), mask.Area);
    }

    private static Mask Pixels(Annotation annotation, Frame frame) => annotation switch
    {
        MaskAnnotation { Mask: var mask } => mask,
        PolygonAnnotation { Polygon: var polygon, Raster: var raster } when polygon.Vertices.All(IsDrawable) => Polygons.Fill(polygon with { Frame = frame }, frame, raster),
        PolygonAnnotation => Mask.Empty(frame),                     // its points are outside, which is red
        _ => throw new InvalidOperationException($"No rule draws a {annotation.GetType().Name}."),
    };

    private static bool IsDrawable(Vertex vertex) => Math.Abs(vertex.X) <= Polygons.MaxCoordinate && Math.Abs(vertex.Y) <= Polygons.MaxCoordinate;

    /// <summary>Why an image cannot be stored in a frame; null when it can.</summary>
    internal static string? Refusal(Image image, Frame frame, Spacing? spacing) => frame.Height > LargestSide || frame.Width > LargestSide || (long)frame.Height * frame.Width > LargestGrowth * image.Frame.Area
        ? $"says that a pixel measures {image.Origin.Spacing}: {image.Frame} pixels would become {frame} at convert.spacing {spacing}"
        : null;

    /// <summary>The frame an image is stored and predicted in.</summary>
    /// <param name="image">It.</param>
    /// <param name="size">convert.size.</param>
    /// <param name="spacing">convert.spacing.</param>
    internal static Frame StoredFrame(Image image, int size, Spacing? spacing)
    {
        var original = image.Frame;
        if (spacing is { } wanted && image.Origin.Spacing is { Row: > 0, Column: > 0 } own)
        {
            return new Frame(Resampled(original.Height, own.Row / wanted.Row), Resampled(original.Width, own.Column / wanted.Column));
        }

        var longer = Math.Max(original.Height, original.Width);
        return size == 0 || size >= longer
            ? original
            : new Frame(Scaled(original.Height, longer, size), Scaled(original.Width, longer, size));
    }

    private static int Resampled(int side, double factor) => (int)Math.Clamp(Math.Round(side * factor), 1, int.MaxValue);

    /// <summary>The image in that frame.</summary>
    internal static Image Scaled(Image image, Frame frame) =>
        frame.Height > image.Frame.Height || frame.Width > image.Frame.Width ? Resize.Linear(image, frame) : Resize.Area(image, frame);

    private static int Scaled(int side, int longer, int size) => Math.Max(1, (int)Math.Round((double)side * size / longer));

    // Scaled as runs: nothing is ever drawn at the original size.
    private static LabelMap Words(Mask[] truth, LabelMap words)
    {
        var scaling = new NearestScaling(truth[0].Frame, words.Frame);
        words.Bytes.Clear();
        for (var k = 0; k < truth.Length; k++)
        {
            words.Add(scaling.Apply(truth[k]), k);
        }

        return words;
    }
}
