using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Plugins.ImageMask;
using Osteon.Runner;
using Osteon.Testing;

namespace Osteon.Checking.Tests;

/// <summary>Real data that is right is silent, and what is wrong with real data is found.</summary>
public sealed class RealDataTests
{
    [Fact]
    public void Electron_micrographs_are_silent()
    {
        var root = SharedData.Path("data/isbi-em");
        var format = new ImageMaskFormat(new ImageMaskOptions { Images = "images", Labels = "labels", Values = new Dictionary<string, int> { ["membrane"] = 0, ["cell"] = 255 } });
        Assert.Empty(Check(format, root, ["membrane", "cell"], LabelMode.Multiclass).Select(f => $"{f.Check} {f.Where}: {f.Message}"));
    }

    // The set has 59 truncated JPEGs that OpenCV reads without a word; its labels are drawn in the frame after EXIF rotation.
    [Fact]
    public void Of_fractures_only_the_truncated_pictures_block()
    {
        var root = SharedData.Path("data/xray-fracatlas");
        var findings = Check(new FracAtlas(root), root, ["fractured"], LabelMode.Multilabel);
        var red = findings.Where(f => f.Severity == Severity.Red).ToArray();
        Assert.All(red, f => Assert.Equal("unreadable-image", f.Check));
        Assert.Equal(6, red.Length);
        Assert.Contains(red, f => f.Where.EndsWith("IMG0004028.jpg", StringComparison.Ordinal));
        Assert.DoesNotContain(findings, f => f.Check is "size-mismatch" or "polygon-outside-frame");
    }

    private static IReadOnlyList<Finding> Check(DatasetFormat format, string root, string[] classes, LabelMode mode)
    {
        var folder = Directory.CreateTempSubdirectory("osteon-real-").FullName;
        try
        {
            Conversion.Run(format, root, classes, 256, folder, null, CancellationToken.None);
            return DataCheck.Judge(DataCheck.Measure(folder, mode, new CheckThresholds(), null, CancellationToken.None));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>As much of COCO as this set needs.</summary>
    private sealed class FracAtlas : DatasetFormat
    {
        private readonly Dictionary<string, (Frame Frame, List<PolygonAnnotation> Shapes)> _labels = [];

        public FracAtlas(string root)
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, "annotations", "coco_subset.json")));
            var names = new Dictionary<int, string>();
            foreach (var image in json.RootElement.GetProperty("images").EnumerateArray())
            {
                names[image.GetProperty("id").GetInt32()] = image.GetProperty("file_name").GetString()!;
                _labels[image.GetProperty("file_name").GetString()!] = (new Frame(image.GetProperty("height").GetInt32(), image.GetProperty("width").GetInt32()), []);
            }

            foreach (var annotation in json.RootElement.GetProperty("annotations").EnumerateArray())
            {
                var (frame, shapes) = _labels[names[annotation.GetProperty("image_id").GetInt32()]];
                foreach (var polygon in annotation.GetProperty("segmentation").EnumerateArray())
                {
                    var numbers = polygon.EnumerateArray().Select(n => n.GetDouble()).ToArray();
                    shapes.Add(new PolygonAnnotation("fractured", new Polygon(frame, [.. Enumerable.Range(0, numbers.Length / 2).Select(i => new Vertex(numbers[2 * i], numbers[(2 * i) + 1]))])));
                }
            }
        }

        public override IReadOnlyList<string> Classes => ["fractured"];

        public override CaseIndex Index(string root) => new(
        [
            .. new[] { "Fractured", "Non_fractured" }.SelectMany(folder => Directory.GetFiles(Path.Combine(root, "images", folder), "*.jpg").Order(StringComparer.Ordinal)
                .Select(path => (Name: Path.GetFileNameWithoutExtension(path), Relative: $"images/{folder}/{Path.GetFileName(path)}")))
                .Select(i => new CaseSource(i.Name, i.Name, Subset.Train, i.Relative, "annotations/coco_subset.json")),
        ], []);

        public override Image ReadImage(string root, CaseSource source) => ImageFile.ReadGray(Path.Combine(root, source.ImagePath));

        public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame) => _labels.TryGetValue(source.ImageName, out var label) ? label.Shapes : [];
    }
}
