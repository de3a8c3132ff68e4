using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Plugins.Yolo;
using Osteon.Testing;

namespace Osteon.Formats.Tests;

public sealed class YoloFormatTests : IDisposable
{
    private readonly DataFolder _set = new();

    public void Dispose() => _set.Dispose();

    public static TheoryData<string, string, string> Layouts => new()
    {
        { "path: ../datasets/wrists\ntrain: images/train\nval: images/val\ntest: images/test\nnames:\n  0: ulna\n  1: radius\n", "images/{0}/{1}.png", "labels/{0}/{1}.txt" },
        { "train: ../train/images\nval: ../valid/images\ntest: ../test/images\nnc: 2\nnames: ['ulna', 'radius']\n", "{2}/images/{1}.png", "{2}/labels/{1}.txt" },
        { "path: C:\\data\\wrists\ntrain: [images/train]\nval: images/val\ntest: images/test\nnames: [ulna, radius]\n", "images/{0}/{1}.png", "labels/{0}/{1}.txt" },
        { "names: [ulna, radius]\n", "images/{0}/{1}.png", "labels/{0}/{1}.txt" },
        { "train: train.txt\nval: val.txt\ntest: test.txt\nnames: [ulna, radius]\n", "images/{0}/{1}.png", "labels/{0}/{1}.txt" },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Parts_and_names_are_those_of_the_description(string yaml, string image, string label)
    {
        _set.Text("data.yaml", yaml);
        foreach (var (part, folder, name) in new[] { ("train", "train", "a"), ("train", "train", "b"), ("val", "valid", "c"), ("test", "test", "d") })
        {
            var path = string.Format(System.Globalization.CultureInfo.InvariantCulture, image, part, name, folder);
            _set.Image(path);
            if (name != "b")
            {
                _set.Text(string.Format(System.Globalization.CultureInfo.InvariantCulture, label, part, name, folder), "1 0.1 0.25 0.5 0.25 0.5 0.5 0.1 0.5\n");
            }

            if (yaml.Contains("train.txt", StringComparison.Ordinal))
            {
                File.AppendAllText(Path.Combine(_set.Root, $"{part}.txt"), $"./{path}\n");
            }
        }

        var format = new YoloFormat(new YoloOptions());
        var index = format.Index(_set.Root);
        Assert.Equal(["ulna", "radius"], format.ClassesIn(_set.Root));
        Assert.Equal([("a", "train"), ("b", "train"), ("c", "val"), ("test-d", "test")], index.Cases.Select(c => (c.Id, c.Metadata["split"])));
        Assert.Equal([Subset.Train, Subset.Train, Subset.Train, Subset.Test], index.Cases.Select(c => c.Subset));
        Assert.Contains("1 training image(s) have no label text", Assert.Single(index.Findings).Message, StringComparison.Ordinal);
        var shape = Assert.IsType<PolygonAnnotation>(Assert.Single(_set.Labels(format, "c")));
        Assert.Equal(("radius", PolygonRaster.FillpolyTruncated), (shape.Class, shape.Raster));
        Assert.Equal([new Vertex(1, 2), new Vertex(5, 2), new Vertex(5, 4), new Vertex(1, 4)], shape.Polygon.Vertices);      // of 10 × 8 pixels
        Assert.Empty(_set.Labels(format, "b"));
    }

    [Fact]
    public void Without_a_description_one_folder_is_all_there_is()
    {
        _set.Image("images/a.png").Text("labels/a.txt", "0 0 0 1 0 1 1\n").Text("classes.txt", "ulna\nradius\n");
        var format = new YoloFormat(new YoloOptions());
        Assert.Equal(["ulna", "radius"], format.ClassesIn(_set.Root));
        Assert.Empty(Assert.Single(format.Index(_set.Root).Cases).Metadata);
        Assert.Equal("ulna", Assert.Single(_set.Labels(format, "a")).Class);
    }

    [Fact]
    public void Boxes_are_weak_labels_where_they_are_asked_for()
    {
        var root = SharedData.Path("data/xray-fracatlas");
        var golden = JsonNode.Parse(File.ReadAllText(Path.Combine(root, "golden.json")))!["images"]!;
        var format = new YoloFormat(new YoloOptions { Labels = "annotations/yolo", Names = ["fractured"], Boxes = true, Raster = PolygonRaster.Coco });
        var index = format.Index(root);
        Assert.Equal(155, index.Cases.Count);
        Assert.All(index.Cases, c => Assert.Equal("boxes", c.Metadata["weak_labels"]));
        var boxes = JsonNode.Parse(File.ReadAllText(Path.Combine(root, "annotations/coco_subset.json")))!["annotations"]!.AsArray().ToDictionary(a => (int)a!["id"]!, a => a!["bbox"]!.AsArray().Select(v => (double)v!).ToArray());
        var compared = 0;
        foreach (var source in index.Cases)
        {
            var image = golden[source.ImageName]!;
            var frame = image["coco_size_wh"] is JsonArray size ? new Frame((int)size[1]!, (int)size[0]!) : new Frame(9, 9);
            var shapes = format.ReadLabels(root, source, frame).Cast<PolygonAnnotation>().ToArray();
            var truth = image["annotations"]?.AsArray() ?? [];
            Assert.Equal(truth.Count, shapes.Length);
            foreach (var (shape, expected) in shapes.Zip(truth))
            {
                // Half of the fourth digit, of 2880 pixels, on each of two numbers.
                var box = boxes[(int)expected!["ann_id"]!];
                Assert.Equal(box[0], shape.Polygon.Vertices[0].X, 0.25);
                Assert.Equal(box[1], shape.Polygon.Vertices[0].Y, 0.25);
                Assert.Equal(box[0] + box[2], shape.Polygon.Vertices[2].X, 0.25);
                Assert.Equal(box[1] + box[3], shape.Polygon.Vertices[2].Y, 0.25);
                compared++;
            }
        }

        Assert.Equal(117, compared);
    }

    [Theory]
    [InlineData("2 0 0 1 0 1 1", "line 1 has the class '2'; the names are numbered 0 to 1")]
    [InlineData("-1 0 0 1 0 1 1", "the class '-1'")]
    [InlineData("0 0 0 1 0 1 x", "line 1 holds 'x'")]
    [InlineData("0 0 0 1 0 1 NaN", "line 1 holds 'NaN'")]
    [InlineData("\n0 0.5 0.5 1 1", "line 2 is a box, not an outline; boxes: true")]
    [InlineData("0 0 0 1 0", "is a box")]
    [InlineData("0 0 0 1 0 1", "has 5 numbers behind the class")]
    [InlineData("0", "has 0 numbers behind the class")]
    public void A_broken_line_is_named_with_its_fault(string line, string what)
    {
        _set.Image("images/a.png").Text("labels/a.txt", line + "\n").Text("data.yaml", "names: [ulna, radius]");
        var message = Assert.Throws<DataException>(() => _set.Labels(new YoloFormat(new YoloOptions()), "a")).Message;
        Assert.StartsWith("labels/a.txt: ", message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("names: 3", "data.yaml(1,8): 'names' is neither")]
    [InlineData("names: {x: a}", "data.yaml(1,9): 'names' maps numbers")]
    [InlineData("names: [a", "is not YAML")]
    [InlineData("- a", "is no mapping")]
    [InlineData("a: &x [1]\nnames: *x", "aliases are not read here")]
    [InlineData("names: [a]\ntrain: nowhere", "'train' is 'nowhere', which is no folder")]
    [InlineData("nc: 2", "write them into the option names")]
    public void A_broken_description_is_named_with_its_fault(string yaml, string what)
    {
        _set.Image("images/a.png").Text("data.yaml", yaml);
        Assert.Contains(what, Assert.ThrowsAny<ConfigurationException>(() => new YoloFormat(new YoloOptions()).Index(_set.Root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_description_leads_nowhere_out_of_the_root()
    {
        var elsewhere = Directory.CreateTempSubdirectory("osteon-elsewhere-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(_set.Root, "images"));
            Directory.CreateSymbolicLink(Path.Combine(_set.Root, "images/train"), elsewhere);
            _set.Text("data.yaml", $"train: images/train\nnames: [a]");
            Assert.Contains("no folder", Assert.ThrowsAny<ConfigurationException>(() => new YoloFormat(new YoloOptions()).Index(_set.Root)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(elsewhere);
        }
    }
}
