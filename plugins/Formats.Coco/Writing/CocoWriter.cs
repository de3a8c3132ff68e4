using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.Coco;

/// <summary>
/// Writes COCO instances: images/ and annotations.json, test_images/ and test_annotations.json, ids from 1 without a gap, categories in the classes' order, an annotation
/// for each class that has pixels. area and bbox are those of the pixels, as pycocotools computes them. Images without a label stand in unlabelled_images/.
/// </summary>
[Writer("coco")]
public sealed class CocoWriter(CocoWriterOptions options) : DatasetWriter
{
    private const string Parts = ".parts", Annotations = "annotations.json", TestAnnotations = "test_annotations.json";

    private static readonly JsonSerializerOptions Layout = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private string _folder = string.Empty;
    private ExportedSet? _set;

    /// <inheritdoc/>
    public override bool IsLossless => true;

    /// <inheritdoc/>
    public override Choice ReadBack
    {
        get
        {
            var read = new JsonObject { ["raster"] = options.Raster.Name() };
            if (Labelled(test: true).Any())
            {
                (read["test_images"], read["test_annotations"]) = ("test_images", TestAnnotations);
            }

            return new Choice("coco", read);
        }
    }

    /// <inheritdoc/>
    public override string IdBack(ExportedCase source) => source.IsTest ? $"test-{source.Name}" : source.Name;

    /// <inheritdoc/>
    public override void Begin(string folder, ExportedSet set)
    {
        (_folder, _set) = (folder, set);
        if (!Labelled(test: false).Any())
        {
            throw new ConfigurationException("No labelled case is there to train on.");
        }
    }

    /// <inheritdoc/>
    public override void Write(IReadOnlyList<ExportedCase> cases)
    {
        foreach (var c in cases)
        {
            ImageFile.WritePng(Path.Combine(_folder, !c.IsLabelled ? "unlabelled_images" : c.IsTest ? "test_images" : "images", c.Name + ".png"), c.ReadImage());
            if (c.IsLabelled)
            {
                AtomicFile.WriteAllText(Part(c), AnnotationsOf(c.ReadTruth()));
            }
        }
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        Join(Annotations, [.. Labelled(test: false)]);
        if (Labelled(test: true).Any())
        {
            Join(TestAnnotations, [.. Labelled(test: true)]);
        }

        Directory.Delete(Path.Combine(_folder, Parts), recursive: true);
        var folds = new JsonArray([.. _set!.Folds.Select(f => (JsonNode)new JsonObject { ["train"] = Names(f.Train), ["val"] = Names(f.Validation) })]);
        AtomicFile.WriteAllText(Path.Combine(_folder, "splits.json"), folds.ToJsonString(new JsonSerializerOptions(Layout) { WriteIndented = true, NewLine = "\n" }) + "\n");
    }

    private static JsonArray Names(IEnumerable<ExportedCase> cases) => new([.. cases.Select(c => (JsonNode)c.Name)]);

    private IEnumerable<ExportedCase> Labelled(bool test) => _set!.Cases.Where(c => c.IsLabelled && c.IsTest == test);

    private string Part(ExportedCase c) => Path.Combine(_folder, Parts, c.Name);

    // A line an annotation, without its ids: they are known when all cases are.
    internal string AnnotationsOf(IReadOnlyList<Mask> truth)
    {
        var lines = new StringBuilder();
        for (var k = 0; k < truth.Count; k++)
        {
            if (!truth[k].IsEmpty)
            {
                var (left, top, width, height) = BoxOf(truth[k]);
                lines.Append(CultureInfo.InvariantCulture, $"\"category_id\":{k + 1},\"iscrowd\":0,\"area\":{truth[k].Area},\"bbox\":[{left},{top},{width},{height}],\"segmentation\":");
                Append(lines, truth[k]);
                lines.Append("}\n");
            }
        }

        return lines.ToString();
    }

    // A run that goes on into the next row touches both sides.
    private static (int Left, int Top, int Width, int Height) BoxOf(Mask mask)
    {
        var (left, top, right, bottom) = (int.MaxValue, int.MaxValue, -1, -1);
        foreach (var run in mask.Runs)
        {
            var (y, x) = Math.DivRem(run.Start, mask.Frame.Width);
            var (last, end) = Math.DivRem(run.End - 1, mask.Frame.Width);
            (left, right) = y == last ? (Math.Min(left, x), Math.Max(right, end)) : (0, mask.Frame.Width - 1);
            (top, bottom) = (Math.Min(top, y), Math.Max(bottom, last));
        }

        return (left, top, right - left + 1, bottom - top + 1);
    }

    private void Append(StringBuilder line, Mask mask)
    {
        if (options.Segmentation != SegmentationForm.Polygon)
        {
            line.Append(CultureInfo.InvariantCulture, $"{{\"size\":[{mask.Frame.Height},{mask.Frame.Width}],\"counts\":");
            if (options.Segmentation == SegmentationForm.Rle)
            {
                line.Append(JsonSerializer.Serialize(Rle.Encode(mask, RleConvention.CocoString), Layout));
            }
            else
            {
                line.Append('[').AppendJoin(',', Rle.ToCounts(mask)).Append(']');
            }

            line.Append('}');
            return;
        }

        var outlines = options.Raster == PolygonRaster.Coco ? Outlines.AlongEdges(mask) : Outlines.ThroughCentres(mask);
        line.Append('[').AppendJoin(',', outlines.Select(o => $"[{string.Join(',', o.Vertices.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.X},{v.Y}")))}]")).Append(']');
    }

    private void Join(string file, ExportedCase[] cases) => AtomicFile.Write(Path.Combine(_folder, file), stream =>
    {
        using var json = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        json.WriteLine("{");
        json.WriteLine($"\"info\":{JsonSerializer.Serialize(new { description = _set!.Description, contributor = "Osteon" }, Layout)},");
        json.WriteLine("\"licenses\":[],");
        json.WriteLine($"\"categories\":[{string.Join(',', _set.Classes.Select((name, k) => JsonSerializer.Serialize(new { id = k + 1, name, supercategory = string.Empty }, Layout)))}],");
        json.WriteLine("\"images\":[");
        for (var i = 0; i < cases.Length; i++)
        {
            var c = cases[i];
            json.WriteLine(JsonSerializer.Serialize(new { id = i + 1, file_name = c.Name + ".png", height = c.Frame.Height, width = c.Frame.Width }, Layout) + (i + 1 < cases.Length ? "," : string.Empty));
        }

        json.WriteLine("],");
        json.Write("\"annotations\":[");
        var id = 0;
        for (var i = 0; i < cases.Length; i++)
        {
            foreach (var line in File.ReadLines(Part(cases[i])))
            {
                json.Write(string.Create(CultureInfo.InvariantCulture, $"{(id == 0 ? string.Empty : ",")}\n{{\"id\":{++id},\"image_id\":{i + 1},{line}"));
            }
        }

        json.WriteLine("\n]}");
    });
}
