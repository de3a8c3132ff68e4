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
internal sealed class CaseConversion(DatasetFormat format, string root, IReadOnlyList<string> classes, StoredForm form, LabelMode mode)
{
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

        if (form.Refusal(image) is { } refusal)
        {
            return (null, new UnreadFile(source.Id, source.ImagePath, IsLabel: false, refusal));
        }

        var (seen, box) = (form.Of(image), form.BoxOf(image));
        if (source.LabelPath is null)
        {
            var bare = new StoredCase(source, image.Frame, seen.Frame, Labelled: false) { Crop = box };
            writer.Write(bare, seen, null, null, new CaseFacts(image.Origin, []));
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
        var stored = new StoredCase(source, image.Frame, seen.Frame, Labelled: true) { Crop = box };
        var words = ArrayPool<byte>.Shared.Rent(checked(seen.Frame.Area * LabelMap.WordBytesFor(classes.Count)));
        try
        {
            var kept = box is { } part ? [.. truth.Select(part.Cut)] : truth;
            writer.Write(stored, seen, Words(kept, LabelMap.Over(seen.Frame, classes.Count, words)), truth, new CaseFacts(image.Origin, shapes));
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
            shapes[i] = FactsOf(annotations[i], mask) with { Contradiction = annotations[i].Contradiction };
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

    // Scaled as runs: but for splines nothing is ever drawn at the original size.
    private LabelMap Words(Mask[] truth, LabelMap words)
    {
        var scaling = new NearestScaling(truth[0].Frame, words.Frame);
        var scaled = form.IsSpline ? ShareScaling.Of(truth, words.Frame, mode == LabelMode.Multiclass) : null;
        words.Bytes.Clear();
        for (var k = 0; k < truth.Length; k++)
        {
            words.Add(scaled?[k] ?? scaling.Apply(truth[k]), k);
        }

        return words;
    }
}
