using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Plugins.LabelMe;

namespace Osteon.Formats.Tests;

public sealed class LabelMeFormatTests : IDisposable
{
    private const string Polygon = """{"label":"radius","points":[[1,1],[5.9,1],[5,4.2]],"group_id":null,"shape_type":"polygon","flags":{}}""";

    private readonly DataFolder _set = new();

    public void Dispose() => _set.Dispose();

    public static TheoryData<string, string> BrokenShapes => new()
    {
        { """{"points":[[1,1],[2,2],[3,1]]}""", "shapes[0] has no 'label'" },
        { """{"label":"a"}""", "shapes[0] ('a') has no list of 'points'" },
        { """{"label":"a","points":[[1,1],[2],[3,"x"]]}""", "shapes[0].points[1] is not [x, y]" },
        { """{"label":"a","points":[[1,1],[[2],2],[3,1]]}""", "shapes[0].points[1] is not [x, y]" },
        { """{"label":"a","points":[[1,1],[2,2]]}""", "has 2 points; a polygon has at least 3" },
        { """{"label":"a","shape_type":"rectangle","points":[[1,1]]}""", "a rectangle has 2, or 4" },
        { """{"label":"a","shape_type":"circle","points":[[1,1]]}""", "a circle has 2" },
        { """{"label":"a","shape_type":"line","points":[[1,1],[2,2]]}""", "covers nothing; give line_width" },
        { """{"label":"a","shape_type":"ai_thing","points":[[1,1]]}""", "is of the type 'ai_thing'" },
        { """{"label":"a","shape_type":"mask","points":[[1,1],[2,2]]}""", "without its picture" },
        { """{"label":"a","shape_type":"mask","points":[[1,1],[2,2]],"mask":"~~"}""", "is not base64" },
        { """{"label":"a","shape_type":"mask","points":[[1,1],[2,2]],"mask":"AAAA"}""", "a PNG, JPEG" },
        { "7", "shapes[0] is not an object" },
    };

    [Fact]
    public void Labels_lie_beside_their_images_and_name_the_classes()
    {
        _set.Image("a.png").Text("a.json", Label("a.png", Polygon)).Image("ward/b.png").Text("ward/b.json", Label("..\\\\export\\\\b.jpg", Polygon.Replace("radius", "carpus", StringComparison.Ordinal)));
        var format = new LabelMeFormat(new LabelMeOptions());
        var index = format.Index(_set.Root);
        Assert.Empty(index.Findings);
        Assert.Equal([("a", "a.png", "a.json"), ("ward-b", "ward/b.png", "ward/b.json")], index.Cases.Select(c => (c.Id, c.ImagePath, c.LabelPath!)));
        Assert.Equal(["carpus", "radius"], format.ClassesIn(_set.Root));
        var shape = Assert.IsType<PolygonAnnotation>(Assert.Single(_set.Labels(format, "a")));
        Assert.Equal(("radius", PolygonRaster.FillpolyTruncated, new Frame(8, 10)), (shape.Class, shape.Raster, shape.Polygon.Frame));
        Assert.Equal([new Vertex(1, 1), new Vertex(5.9, 1), new Vertex(5, 4.2)], shape.Polygon.Vertices);
    }

    [Fact]
    public void Folders_of_their_own_pair_by_place_and_name()
    {
        foreach (var place in new[] { "left/1", "right/1" })
        {
            _set.Image($"images/{place}.png").Text($"labels/{place}.json", Label("1.png", Polygon));
        }

        _set.Image("images/left/2.png").Text("labels/gone.json", Label("gone.png", Polygon)).Text("labels/other.json", Label("C:\\\\x\\\\2.bmp", Polygon));
        var index = new LabelMeFormat(new LabelMeOptions { Images = "images", Labels = "labels" }).Index(_set.Root);
        Assert.Equal(["labels/left/1.json", "labels/other.json", "labels/right/1.json"], index.Cases.Select(c => c.LabelPath));
        Assert.Equal(("missing-image", "labels/gone.json"), (Assert.Single(index.Findings).Check, index.Findings[0].Where));
    }

    [Fact]
    public void An_image_that_lies_nowhere_is_read_out_of_its_label()
    {
        var image = new Image(new Frame(8, 10));
        image.Bytes[13] = 77;
        _set.Text("a.json", Label("a.png", Polygon, data: Convert.ToBase64String(ImageFile.EncodePng(image))));
        var format = new LabelMeFormat(new LabelMeOptions());
        var source = Assert.Single(format.Index(_set.Root).Cases);
        Assert.Equal(("a", "a.json"), (source.Id, source.ImagePath));
        Assert.Equal(77, format.ReadImage(_set.Root, source).Bytes[13]);
        Assert.Single(format.ReadLabels(_set.Root, source, new Frame(8, 10)));
    }

    [Theory]
    [InlineData("""{"label":"a","shape_type":"rectangle","points":[[2,1],[5,3]]}""", 12)]           // rows 1 to 3, columns 2 to 5
    [InlineData("""{"label":"a","shape_type":"rectangle","points":[[5,3],[2,1]]}""", 12)]
    [InlineData("""{"label":"a","shape_type":"rectangle","points":[[2,1],[5,1],[5,3],[2,3]]}""", 12)]
    [InlineData("""{"label":"a","points":[[2,1],[5,1],[5,3],[2,3]]}""", 12)]                          // version 3 has no shape_type
    public void Shapes_cover_their_pixels(string shape, int area) => Assert.Equal(area, Covered(shape, new LabelMeOptions()).Area);

    [Fact]
    public void A_circle_has_the_area_of_a_circle() =>
        Assert.Equal(Math.PI * 900, Covered("""{"label":"a","shape_type":"circle","points":[[50,50],[80,50]]}""", new LabelMeOptions { Raster = PolygonRaster.Coco }, 100).Area, Math.PI * 900 * 0.005);

    [Fact]
    public void Lines_are_as_wide_as_they_are_asked_to_be()
    {
        // A stroke of 40 pixels by 10, and half a disc of 10 at each end and at the corner between its parts.
        var drawn = Covered("""{"label":"a","shape_type":"linestrip","points":[[20,50],[40,50],[60,50]]}""", new LabelMeOptions { LineWidth = 10, Raster = PolygonRaster.Coco }, 100);
        Assert.Equal(400 + (25 * Math.PI), drawn.Area, 12.0);
        Assert.Equal(25 * Math.PI, Covered("""{"label":"a","shape_type":"point","points":[[50,50]]}""", new LabelMeOptions { LineWidth = 10, Raster = PolygonRaster.Coco }, 100).Area, 4.0);
    }

    [Fact]
    public void A_mask_lies_where_its_first_point_says()
    {
        var picture = new Image(new Frame(2, 3), 1, [0, 1, 255, 1, 0, 0]);
        var shape = $$"""{"label":"a","shape_type":"mask","points":[[4,5],[6,6]],"mask":"{{Convert.ToBase64String(ImageFile.EncodePng(picture))}}"}""";
        Assert.Equal([new Run(55, 2), new Run(64, 1)], Covered(shape, new LabelMeOptions()).Runs.ToArray());
        _set.Text("a.json", Label("a.png", shape.Replace("[4,5]", "[8,5]", StringComparison.Ordinal)));
        Assert.Contains("is a mask of 2×3 at row 5, column 8, which leaves the image, 8×10", Assert.Throws<DataException>(() => _set.Labels(new LabelMeFormat(new LabelMeOptions()), "a")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_of_another_image_is_refused_unless_names_do_not_count()
    {
        _set.Image("a.png").Text("a.json", Label("b.png", Polygon));
        Assert.Contains("says that it belongs to 'b.png', but stands beside a.png", Assert.Throws<DataException>(() => _set.Labels(new LabelMeFormat(new LabelMeOptions()), "a")).Message, StringComparison.Ordinal);
        Assert.Single(_set.Labels(new LabelMeFormat(new LabelMeOptions { CheckNames = false }), "a"));
    }

    [Fact]
    public void Names_are_joined_left_out_and_held_against_what_is_there()
    {
        _set.Image("a.png").Text("a.json", Label("a.png", Polygon + """,{"label":"note","shape_type":"point","points":[[1,1]]}"""));
        var bones = new LabelMeFormat(new LabelMeOptions { Categories = new Dictionary<string, IReadOnlyList<string>> { ["bone"] = ["radius"] } });
        Assert.Equal("bone", Assert.Single(_set.Labels(bones, "a")).Class);
        var wrong = new LabelMeFormat(new LabelMeOptions { Categories = new Dictionary<string, IReadOnlyList<string>> { ["bone"] = ["radus"] } });
        Assert.Contains("categories names 'radus', which no label file uses; they use note, radius", Assert.Throws<ConfigurationException>(() => wrong.Index(_set.Root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Test_images_and_images_without_labels_are_told_apart()
    {
        _set.Image("a.png").Image("test/b.png").Image("test/c.png").Text("test/c.json", Label("c.png", Polygon));
        var index = new LabelMeFormat(new LabelMeOptions { TestImages = "test", TestLabels = "test" }).Index(_set.Root);
        Assert.Equal([("a", null), ("test-b", null), ("test-c", "test/c.json")], index.Cases.Select(c => (c.Id, c.LabelPath)));
        Assert.Equal(("missing-label", "a.png", Severity.Red), (Assert.Single(index.Findings).Check, index.Findings[0].Where, index.Findings[0].Severity));
    }

    [Theory]
    [MemberData(nameof(BrokenShapes))]
    public void A_broken_shape_is_named_with_its_fault(string shape, string what)
    {
        _set.Image("a.png").Text("a.json", Label("a.png", shape));
        var message = Assert.Throws<DataException>(() => _set.Labels(new LabelMeFormat(new LabelMeOptions()), "a")).Message;
        Assert.StartsWith("a.json", message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "is no object")]
    [InlineData("{}", "has no list 'shapes'")]
    [InlineData("{\"shapes\":[", "is not JSON")]
    [InlineData("{\"shapes\":[],\"imageHeight\":70000,\"imageWidth\":70000}", "70000×70000")]
    public void A_broken_file_is_named_with_its_fault(string json, string what)
    {
        _set.Image("a.png").Text("a.json", json);
        Assert.Contains(what, Assert.Throws<DataException>(() => _set.Labels(new LabelMeFormat(new LabelMeOptions()), "a")).Message, StringComparison.Ordinal);
    }

    private Mask Covered(string shape, LabelMeOptions options, int side = 0)
    {
        var frame = side == 0 ? new Frame(8, 10) : new Frame(side, side);
        _set.Image("a.png", frame.Height, frame.Width).Text("a.json", Label("a.png", shape, frame));
        return Drawn.Union(_set.Labels(new LabelMeFormat(options), "a"), frame);
    }

    private static string Label(string image, string shapes, Frame? frame = null, string? data = null) => $$"""
        {"version":"5.4.1","flags":{},"shapes":[{{shapes}}],"imagePath":"{{image}}","imageData":{{(data is null ? "null" : $"\"{data}\"")}},
         "imageHeight":{{frame?.Height ?? 8}},"imageWidth":{{frame?.Width ?? 10}} }
        """;
}
