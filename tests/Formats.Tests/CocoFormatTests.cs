using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Plugins.Coco;
using Osteon.Testing;

namespace Osteon.Formats.Tests;

public sealed class CocoFormatTests : IDisposable
{
    private const string Square = "[1,1,5,1,5,4,1,4]";

    private readonly DataFolder _set = new();

    public void Dispose() => _set.Dispose();

    public static TheoryData<string, string> Broken => new()
    {
        { "[]", "a list, as results of a detector are" },
        { "7", "no object with 'images'" },
        { """{"images":[],"categories":[]}""", "has no list 'annotations'" },
        { """{"images":{},"annotations":[],"categories":[]}""", "'images' is no list" },
        { """{"images":[],"images":[],"annotations":[],"categories":[]}""", "stands there twice" },
        { """{"images":[{"id":1}],"annotations":[],"categories":[]}""", "images[0] lacks" },
        { """{"images":[{"id":1,"file_name":"a.png"},{"id":1,"file_name":"b.png"}],"annotations":[],"categories":[]}""", "which 'a.png' has already" },
        { """{"images":[{"id":1,"file_name":"a.png","height":90000,"width":90000}],"annotations":[],"categories":[]}""", "90000×90000" },
        { """{"images":[],"annotations":[{"id":1}],"categories":[]}""", "annotations[0] lacks 'image_id'" },
        { """{"images":[],"annotations":[3],"categories":[]}""", "annotations[0] is not an object" },
        { """{"images":[],"annotations":[],"categories":[{"id":"x","name":"a"}]}""", "categories[0] lacks 'id'" },
        { """{"images":[],"annotations":[{"image_id":1,"segments_info":[]}],"categories":[]}""", "panoptic" },
        { """{"images":[],"annotations":[],"categories":[]}}""", "is not JSON" },
        { """{"images":[],"annotations":[""", "is not JSON" },
        { "", "is not JSON" },
    };

    public static TheoryData<string, string> BrokenShapes => new()
    {
        { "\"segmentation\":[[1,1,2]]", "segmentation[0] has 3 numbers" },
        { "\"segmentation\":[[1,1,2,\"x\",3,3]]", "'\"x\"' where a coordinate" },
        { "\"segmentation\":[[1,1,2,2,3,3],7]", "segmentation[1] is not a list" },
        { "\"segmentation\":\"x\"", "neither a list of polygons nor runs" },
        { "\"segmentation\":{\"counts\":[80]}", "is not [height, width]" },
        { "\"segmentation\":{\"size\":[10,8],\"counts\":[80]}", "the wrong way round" },
        { "\"segmentation\":{\"size\":[8,10]}", "have no 'counts'" },
        { "\"segmentation\":{\"size\":[8,10],\"counts\":[81]}", "leaves the frame" },
        { "\"segmentation\":{\"size\":[8,10],\"counts\":[79]}", "add up to 79" },
        { "\"segmentation\":{\"size\":[8,10],\"counts\":[1.5]}", "whole number" },
        { "\"segmentation\":{\"size\":[8,10],\"counts\":\"~\"}", "outside '0' to 'o'" },
    };

    [Theory]
    [InlineData("instances_val2014_100.json", 839)]
    [InlineData("fce_gt_dataset.json", 9)]
    [InlineData("datumaro_instances_val.json", 2)]
    [InlineData("datumaro_stuff_val.json", 1)]
    [InlineData("panoptic_detection_format.json", 50)]
    [InlineData("sahi_terrain1_coco.json", 7)]
    public void Each_annotation_has_the_pixels_that_cocoapi_found(string file, int count)
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("data/coco/golden.json")));
        var expected = golden.RootElement.GetProperty("files").GetProperty(file).GetProperty("annotations").EnumerateArray().ToArray();
        var coco = CocoFile.Open(SharedData.Path($"data/coco/{file}"), file);
        var seen = 0;
        foreach (var image in coco.Images)
        {
            foreach (var (index, json) in coco.AnnotationsOf(image))
            {
                using (json)
                {
                    var frame = image.Frame ?? throw new InvalidOperationException();
                    var shapes = CocoShapes.Read(json.RootElement, "a", frame, frame, PolygonRaster.Coco, Assert.Fail).ToArray();
                    Assert.Equal(expected[index].GetProperty("mask_sha256").GetString(), Drawn.Digest(Drawn.Union(shapes, frame)));
                    seen++;
                }
            }
        }

        Assert.Equal((count, 0), (seen, coco.Strays.Count));
    }

    // numpy's astype(int32) before cv2.fillPoly, which many scripts do.
    [Fact]
    public void The_other_rule_has_the_areas_that_OpenCV_found()
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("data/coco/golden.json")));
        var expected = golden.RootElement.GetProperty("files").GetProperty("instances_val2014_100.json").GetProperty("annotations").EnumerateArray().ToArray();
        var coco = CocoFile.Open(SharedData.Path("data/coco/instances_val2014_100.json"), "a.json");
        var compared = 0;
        foreach (var image in coco.Images)
        {
            foreach (var (index, json) in coco.AnnotationsOf(image))
            {
                using (json)
                {
                    if (expected[index].GetProperty("kind").GetString() == "polygon")
                    {
                        var shapes = CocoShapes.Read(json.RootElement, "a", image.Frame!.Value, image.Frame.Value, PolygonRaster.FillpolyTruncated, Assert.Fail).ToArray();
                        Assert.Equal(expected[index].GetProperty("cv2_fillpoly_trunc_area").GetInt64(), Drawn.Union(shapes, image.Frame.Value).Area);
                        compared++;
                    }
                }
            }
        }

        Assert.Equal(830, compared);
    }

    // An export whose two masks have their size the wrong way round.
    [Fact]
    public void A_size_the_wrong_way_round_is_told_and_read_when_it_is_asked_for()
    {
        var golden = JsonNode.Parse(File.ReadAllText(SharedData.Path("data/xray-chest-multilabel/golden.json")))!["v7_lungs_coco"]!.AsArray();
        var coco = CocoFile.Open(SharedData.Path("data/xray-chest-multilabel/v7_lungs_coco.json"), "v7.json");
        var (compared, faults) = (0, new List<string>());
        foreach (var image in coco.Images)
        {
            foreach (var (index, json) in coco.AnnotationsOf(image))
            {
                using (json)
                {
                    var shapes = CocoShapes.Read(json.RootElement, "a", image.Frame!.Value, image.Frame.Value, PolygonRaster.Coco, Assert.Fail, swappedSize: true).ToArray();
                    Assert.Equal((long)golden[index]!["area"]!, Drawn.Union(shapes, image.Frame.Value).Area);
                    _ = CocoShapes.Read(json.RootElement, "a", image.Frame!.Value, image.Frame.Value, PolygonRaster.Coco, faults.Add).ToArray();
                    compared++;
                }
            }
        }

        Assert.Equal((29, 2), (compared, faults.Count));
        Assert.All(faults, f => Assert.Contains("swapped_size: true reads them so", f, StringComparison.Ordinal));
    }

    // The square is [1, 1, 5, 4]: 12 pixels, edges from 1 to 5 and from 1 to 4; the bar is 40 by 100.
    [Theory]
    [InlineData("""[10,20,50,20,50,120,10,120]""", 4000, "[10,20,40,100]", null)]
    [InlineData("""[10,20,50,20,50,120,10,120]""", 4400, "[9.5,19.2,42,102]", null)]
    [InlineData("""[10,20,50,20,50,120,10,120]""", 0, "[10,20,40,100]", "annotation 1: 'area' is 0, its segmentation measures 4000")]
    [InlineData("""[10,20,50,20,50,120,10,120]""", 4000, "[10,20,50,120]", "annotation 1: 'bbox' is [10, 20, 50, 120], its segmentation lies in [10, 20, 40, 100]; these are two corners, and COCO has [x, y, width, height]")]
    [InlineData("""[10,20,50,20,50,120,10,120]""", 1000, "[110,20,40,100]", "annotation 1: 'area' is 1000, its segmentation measures 4000; 'bbox' is [110, 20, 40, 100], its segmentation lies in [10, 20, 40, 100]")]
    [InlineData("""[10,20,50,20,50,120,10,120],[100,0,120,0,120,20,100,20]""", 4400, "[10,0,110,120]", null)]
    [InlineData("""[10,20,50,20,50,120,10,120]""", null, "[]", null)]
    public void Area_and_box_are_held_against_the_segmentation(string segmentation, int? area, string box, string? told)
    {
        using var json = JsonDocument.Parse($$"""{"id":1,"area":{{(area is { } number ? number : "null")}},"bbox":{{box}},"segmentation":[{{segmentation}}]}""");
        var frame = new Frame(200, 200);
        var shapes = CocoClaims.Judged(json.RootElement, [.. CocoShapes.Read(json.RootElement, "a", frame, frame, PolygonRaster.Coco, Assert.Fail)]);
        Assert.Equal(told, shapes[0].Contradiction);
        Assert.All(shapes.Skip(1), shape => Assert.Null(shape.Contradiction));
    }

    [Fact]
    public void Runs_are_measured_by_their_pixels()
    {
        var frame = new Frame(20, 30);
        var mask = new Mask(frame, [.. Enumerable.Range(4, 10).Select(y => new Run((y * 30) + 5, 20))]);
        Assert.Null(Judged("""{"area":200,"bbox":[5,4,20,10]}"""));
        Assert.Equal("annotation without an id: 'area' is 10, its segmentation measures 200", Judged("""{"area":10,"bbox":[5,4,20,10]}"""));
        Assert.Equal("annotation without an id: 'bbox' is [0, 4, 20, 10], its segmentation lies in [5, 4, 20, 10]", Judged("""{"area":200,"bbox":[0,4,20,10]}"""));

        string? Judged(string json)
        {
            using var item = JsonDocument.Parse(json);
            return CocoClaims.Judged(item.RootElement, [new MaskAnnotation("a", mask)])[0].Contradiction;
        }
    }

    // COCO's own numbers are those of its outlines and crowds, all 830 of them.
    [Fact]
    public void Nothing_of_COCO_itself_contradicts_its_segmentation()
    {
        var coco = CocoFile.Open(SharedData.Path("data/coco/instances_val2014_100.json"), "val.json");
        var (judged, told) = (0, new List<string>());
        foreach (var image in coco.Images)
        {
            foreach (var (_, json) in coco.AnnotationsOf(image))
            {
                using (json)
                {
                    var shapes = CocoClaims.Judged(json.RootElement, [.. CocoShapes.Read(json.RootElement, "a", image.Frame!.Value, image.Frame.Value, PolygonRaster.Coco, Assert.Fail)]);
                    judged++;
                    told.AddRange(shapes.Select(s => s.Contradiction).OfType<string>());
                }
            }
        }

        Assert.Empty(told);
        Assert.True(judged > 800, $"{judged}");
    }

    [Fact]
    public void Classes_are_the_categories_by_id_and_cases_the_images_with_or_without_annotations()
    {
        Write("""{"id":90,"name":"radius"},{"id":7,"name":"ulna"}""", $$"""{"id":1,"image_id":5,"category_id":90,"iscrowd":0,"segmentation":[{{Square}},[6,5,9,5,9,7]]}""");
        var format = new CocoFormat(new CocoOptions());
        var index = format.Index(_set.Root);
        Assert.Equal(["ulna", "radius"], format.ClassesIn(_set.Root));
        Assert.Equal(["a", "b"], index.Cases.Select(c => c.Id));
        Assert.Empty(index.Findings);
        var shapes = _set.Labels(format, "a").Cast<PolygonAnnotation>().ToArray();
        Assert.Equal([4, 3], shapes.Select(s => s.Polygon.Vertices.Count));
        Assert.All(shapes, s => Assert.Equal(("radius", PolygonRaster.Coco), (s.Class, s.Raster)));
        Assert.Equal(12, Drawn.Of(shapes[0], new Frame(8, 10)).Area);
        Assert.Empty(_set.Labels(format, "b"));
    }

    [Fact]
    public void Categories_are_chosen_renamed_and_joined()
    {
        Write("""{"id":1,"name":"radius"},{"id":2,"name":"ulna"},{"id":3,"name":"screw"}""", string.Join(',',
            new[] { 3, 1, 2 }.Select(c => $$"""{"id":{{c}},"image_id":5,"category_id":{{c}},"segmentation":[{{Square}}]}""")));
        var format = new CocoFormat(new CocoOptions { Categories = new Dictionary<string, IReadOnlyList<string>> { ["bone"] = ["ulna", "radius"] } });
        Assert.Equal(["bone"], format.ClassesIn(_set.Root));
        Assert.Equal(["bone", "bone"], _set.Labels(format, "a").Select(a => a.Class));
        var wrong = new CocoFormat(new CocoOptions { Categories = new Dictionary<string, IReadOnlyList<string>> { ["bone"] = ["femur"] } });
        Assert.Contains("categories names 'femur', which the file does not have; it has radius, ulna, screw", Assert.Throws<ConfigurationException>(() => wrong.Index(_set.Root)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void Crowds_are_kept_or_left_out(bool crowds, int count)
    {
        Write("""{"id":0,"name":"x"}""", """{"id":1,"image_id":5,"category_id":0,"iscrowd":1,"segmentation":{"size":[8,10],"counts":[8,8,64]}}""");
        Assert.Equal(count, _set.Labels(new CocoFormat(new CocoOptions { Crowds = crowds }), "a").Count);
    }

    [Theory]
    [InlineData("\"segmentation\":[]")]
    [InlineData("\"segmentation\":[[]]")]
    [InlineData("\"bbox\":[1,1,3,3]")]
    public void An_annotation_without_pixels_is_a_shape_without_pixels(string segmentation)
    {
        Write("""{"id":0,"name":"x"}""", $$"""{"id":1,"image_id":5,"category_id":0,{{segmentation}}}""");
        Assert.True(Assert.IsType<MaskAnnotation>(Assert.Single(_set.Labels(new CocoFormat(new CocoOptions()), "a"))).Mask.IsEmpty);
    }

    [Fact]
    public void A_polygon_is_in_the_frame_that_the_file_names()
    {
        Write("""{"id":0,"name":"x"}""", $$"""{"id":1,"image_id":5,"category_id":0,"segmentation":[{{Square}}]}""", height: 80, width: 100);
        Assert.Equal(new Frame(80, 100), Assert.IsType<PolygonAnnotation>(Assert.Single(_set.Labels(new CocoFormat(new CocoOptions()), "a"))).Polygon.Frame);
    }

    [Fact]
    public void Images_are_found_by_path_name_or_stem_and_never_outside_the_folder()
    {
        _set.Image("images/day1/a.png").Image("images/day2/b.png").Image("images/day1/c.png").Image("images/day2/c.png").Image("d.png").Image("images/e.png");
        Write([("day1\\\\a.png", 1), ("C:\\\\export\\\\b.jpg", 2), ("c.png", 3), ("../d.png", 4)], """{"id":0,"name":"x"}""", "");
        var index = new CocoFormat(new CocoOptions()).Index(_set.Root);
        Assert.Equal(["images/day1/a.png", "images/day2/b.png"], index.Cases.Select(c => c.ImagePath));
        Assert.Equal(["day1-a", "day2-b"], index.Cases.Select(c => c.Id));
        Assert.Equal(
            [("missing-image", "../d.png"), ("missing-image", "c.png"), ("stray-file", "images/day1/c.png"), ("stray-file", "images/day2/c.png"), ("stray-file", "images/e.png")],
            index.Findings.Select(f => (f.Check, f.Where)).Order());
    }

    [Fact]
    public void Test_images_have_a_file_of_their_own_or_no_labels()
    {
        Write("""{"id":0,"name":"x"}""", "");
        _set.Image("test/a.png").Text("test.json", """{"images":[{"id":1,"file_name":"a.png"}],"annotations":[],"categories":[{"id":4,"name":"y"}]}""");
        var both = new CocoFormat(new CocoOptions { TestAnnotations = "test.json", TestImages = "test" });
        Assert.Equal(["a", "b", "test-a"], both.Index(_set.Root).Cases.Select(c => c.Id));
        Assert.Equal([Subset.Train, Subset.Train, Subset.Test], both.Index(_set.Root).Cases.Select(c => c.Subset));
        Assert.Equal(["x", "y"], both.ClassesIn(_set.Root));
        var bare = new CocoFormat(new CocoOptions { TestImages = "test" });
        Assert.Equal([null, "annotations.json#a.png", "annotations.json#b.png"], bare.Index(_set.Root).Cases.Select(c => c.LabelPath).Distinct().Order());
    }

    [Fact]
    public void Annotations_of_no_image_are_told()
    {
        Write("""{"id":0,"name":"x"}""", """{"id":1,"image_id":77,"category_id":0,"segmentation":[]}""");
        Assert.Contains("one to image_id 77", Assert.Single(new CocoFormat(new CocoOptions()).Index(_set.Root).Findings).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_file_is_named_with_its_fault(string json, string what)
    {
        _set.Image("images/a.png").Text("annotations.json", json);
        var message = Assert.Throws<DataException>(() => new CocoFormat(new CocoOptions()).Index(_set.Root)).Message;
        Assert.StartsWith("annotations.json: ", message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BrokenShapes))]
    public void A_broken_annotation_is_named_with_its_fault(string segmentation, string what)
    {
        Write("""{"id":0,"name":"x"}""", $$"""{"id":31,"image_id":5,"category_id":0,{{segmentation}}},{"id":32,"image_id":5,"category_id":1,"segmentation":[]}""");
        var message = Assert.Throws<DataException>(() => _set.Labels(new CocoFormat(new CocoOptions()), "a")).Message;
        Assert.Contains("annotations[0] (id 31) of a.png: ", message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
        Assert.Contains("annotations[1] (id 32) of a.png: 'category_id' is '1', which is no category's id", message, StringComparison.Ordinal);
    }

    // Annotations before images, texts longer than a block, and more of them than fit into one.
    [Fact]
    public void A_long_file_is_read_in_blocks()
    {
        var names = Enumerable.Range(0, 40).Select(i => ($"{i}.png", i)).ToArray();
        foreach (var (name, _) in names)
        {
            _set.File($"images/{name}", [0]);
        }

        var text = new string('é', 400_000);
        var annotations = string.Join(",\n", Enumerable.Range(0, 20_000).Select(i => $$"""{"id":{{i}},"image_id":{{i % 40}},"category_id":0,"note":"{{(i == 777 ? text : "\\u0041")}}","segmentation":[[{{i % 7}},1,8,1,8,7]]}"""));
        _set.Text("annotations.json", $$"""{"annotations":[{{annotations}}],"info":{"text":"{{text}}","deep":[[[{"a":[1,{}]}]]]},"categories":[{"name":"x","id":0}],"images":[{{string.Join(',', names.Select(n => $$"""{"file_name":"{{n.Item1}}","id":{{n.i}} }"""))}}]}""");
        var format = new CocoFormat(new CocoOptions());
        var index = format.Index(_set.Root);
        Assert.Equal(40, index.Cases.Count);
        foreach (var source in index.Cases)
        {
            var id = int.Parse(source.Id, System.Globalization.CultureInfo.InvariantCulture);
            var first = format.ReadLabels(_set.Root, source, new Frame(8, 10)).Cast<PolygonAnnotation>().Select(p => (int)p.Polygon.Vertices[0].X);
            Assert.Equal(Enumerable.Range(0, 500).Select(k => ((40 * k) + id) % 7), first);
        }
    }

    [Fact]
    public void Runs_in_both_forms_come_back_as_they_were_written() => Prop.ForAll(
        (from height in Gen.Choose(1, 20)
         from width in Gen.Choose(1, 20)
         from pixels in Gen.Elements<byte>(0, 0, 1).ArrayOf(height * width)
         select Mask.FromDense(pixels, new Frame(height, width))).ToArbitrary(),
        mask =>
        {
            var size = $"[{mask.Frame.Height},{mask.Frame.Width}]";
            string[] forms = [$"[{string.Join(',', Rle.ToCounts(mask))}]", JsonSerializer.Serialize(Rle.Encode(mask, RleConvention.CocoString))];
            return forms.All(counts =>
            {
                using var json = JsonDocument.Parse($$"""{"segmentation":{"size":{{size}},"counts":{{counts}} } }""");
                return CocoShapes.Read(json.RootElement, "a", mask.Frame, mask.Frame, PolygonRaster.Coco, Assert.Fail).Cast<MaskAnnotation>().Single().Mask.Equals(mask);
            });
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Options_that_make_no_sense_are_told_all_at_once()
    {
        var faults = Assert.Throws<ConfigurationException>(() => new CocoFormat(new CocoOptions
        {
            Images = "../x", Annotations = "/etc/passwd", PatientPattern = "(",
            Categories = new Dictionary<string, IReadOnlyList<string>> { ["a"] = ["x"], ["b"] = ["x"] },
        })).Faults;
        Assert.Equal(4, faults.Count);
    }

    private void Write(string categories, string annotations, int height = 8, int width = 10)
    {
        _set.Image("images/a.png").Image("images/b.png");
        Write([("a.png", 5), ("b.png", 6)], categories, annotations, height, width);
    }

    private void Write((string Name, int Id)[] images, string categories, string annotations, int height = 8, int width = 10)
    {
        var listed = string.Join(',', images.Select(i => $$"""{"id":{{i.Id}},"file_name":"{{i.Name}}","height":{{height}},"width":{{width}} }"""));
        _set.Text("annotations.json", $$"""{"images":[{{listed}}],"annotations":[{{annotations}}],"categories":[{{categories}}]}""");
    }
}
