using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Plugins.Voc;
using Osteon.Testing;

namespace Osteon.Formats.Tests;

public sealed class VocFormatTests : IDisposable
{
    private readonly DataFolder _set = new();

    public void Dispose() => _set.Dispose();

    public static TheoryData<string, string> Broken => new()
    {
        { "", "is not XML" },
        { "<annotation><object>", "is not XML" },
        { "<data/>", "begins with <data>" },
        { "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><annotation>&x;</annotation>", "is not XML" },
        { "<annotation><object><bndbox/></object></annotation>", "object 0 has no <name>" },
        { "<annotation><object><name>a</name></object></annotation>", "object 0 ('a') has no <bndbox>" },
        { Xml("a.png", Box("a", "x", "1", "2", "2")), "object 0 ('a') has no <bndbox> with the numbers" },
        { Xml("a.png", Box("a", "5", "1", "2", "2")), "ends before it begins: x 5 to 2" },
        { Xml("b.png", Box("a", "1", "1", "2", "2")), "says that it belongs to 'b.png'" },
    };

    // Columns 2 to 5 and rows 1 to 3 counted from 1: the challenge's boxes hold both their ends.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(0, 12)]
    public void Both_corners_belong_to_a_box_and_the_first_pixel_is_number_one(int origin, int first)
    {
        _set.Image("JPEGImages/a.png").Text("Annotations/a.xml", Xml("a.png", Box("radius", "2", "1", "5", "3")));
        var format = new VocFormat(new VocOptions { Origin = origin });
        var shape = Assert.IsType<PolygonAnnotation>(Assert.Single(_set.Labels(format, "a")));
        Assert.Equal(("radius", new Frame(8, 10)), (shape.Class, shape.Polygon.Frame));
        Assert.Equal([new Run(first, 4), new Run(first + 10, 4), new Run(first + 20, 4)], Drawn.Of(shape, new Frame(8, 10)).Runs.ToArray());
    }

    [Fact]
    public void Cases_say_that_their_labels_are_weak_and_which_part_they_are_in()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            _set.Image($"JPEGImages/{name}.png").Text($"Annotations/{name}.xml", Xml($"{name}.png", Box(name, "1", "1", "2", "2")));
        }

        _set.Text("ImageSets/Main/train.txt", "a\n").Text("ImageSets/Main/val.txt", "b  1\nc -1\n");
        var format = new VocFormat(new VocOptions());
        var index = format.Index(_set.Root);
        Assert.Empty(index.Findings);
        Assert.Equal(["a", "b", "c"], format.ClassesIn(_set.Root));
        Assert.Equal(["boxes train", "boxes val", "boxes val"], index.Cases.Select(c => $"{c.Metadata["weak_labels"]} {c.Metadata["split"]}"));
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public void Difficult_objects_are_kept_or_left_out(bool difficult, int count)
    {
        _set.Image("JPEGImages/a.png").Text("Annotations/a.xml", Xml("a.png", Box("x", "1", "1", "2", "2") + Box("x", "1", "1", "2", "2").Replace("<name>", "<difficult>1</difficult><name>", StringComparison.Ordinal)));
        Assert.Equal(count, _set.Labels(new VocFormat(new VocOptions { Difficult = difficult }), "a").Count);
    }

    [Fact]
    public void Real_boxes_lie_where_the_outlines_do()
    {
        var root = SharedData.Path("data/xray-fracatlas");
        var golden = JsonNode.Parse(File.ReadAllText(Path.Combine(root, "golden.json")))!["images"]!;
        var format = new VocFormat(new VocOptions { Images = "images", Labels = "annotations/voc", Origin = 0 });
        var index = format.Index(root);
        Assert.Empty(index.Findings);
        Assert.Equal(["fractured"], format.ClassesIn(root));
        var boxes = JsonNode.Parse(File.ReadAllText(Path.Combine(root, "annotations/coco_subset.json")))!["annotations"]!.AsArray().ToDictionary(a => (int)a!["id"]!, a => a!["bbox"]!.AsArray().Select(v => (double)v!).ToArray());
        var compared = 0;
        foreach (var source in index.Cases.Where(c => golden[c.ImageName]!["coco_size_wh"] is JsonArray))
        {
            var image = golden[source.ImageName]!;
            var frame = new Frame((int)image["coco_size_wh"]![1]!, (int)image["coco_size_wh"]![0]!);
            foreach (var (shape, expected) in format.ReadLabels(root, source, frame).Cast<PolygonAnnotation>().Zip(image["annotations"]!.AsArray()))
            {
                var box = boxes[(int)expected!["ann_id"]!];
                Assert.Equal(frame, shape.Polygon.Frame);            // the frame after EXIF rotation
                Assert.Equal(box[0], shape.Polygon.Vertices[0].X, 1.05);
                Assert.Equal(box[1] + box[3], shape.Polygon.Vertices[2].Y, 1.05);
                compared++;
            }
        }

        Assert.Equal(117, compared);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_file_is_named_with_its_fault(string xml, string what)
    {
        _set.Image("JPEGImages/a.png").Text("Annotations/a.xml", xml);
        var message = Assert.Throws<DataException>(() => _set.Labels(new VocFormat(new VocOptions()), "a")).Message;
        Assert.StartsWith("Annotations/a.xml: ", message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
    }

    private static string Box(string name, params string[] sides) =>
        $"<object><name>{name}</name><bndbox><xmin>{sides[0]}</xmin><ymin>{sides[1]}</ymin><xmax>{sides[2]}</xmax><ymax>{sides[3]}</ymax></bndbox></object>";

    private static string Xml(string image, string objects) =>
        $"<annotation><filename>{image}</filename><size><width>10</width><height>8</height><depth>1</depth></size>{objects}</annotation>";
}
