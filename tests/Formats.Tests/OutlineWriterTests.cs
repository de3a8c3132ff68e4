using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Plugins.Coco;
using Osteon.Plugins.HandBone;

namespace Osteon.Formats.Tests;

/// <summary>Exports of outlines: hand-bone's label files, and COCO instances in each of their forms.</summary>
public sealed class OutlineWriterTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("osteon-outlines-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>cv2.fillPoly gives every mask back: parts, holes, islands in holes, lines and single pixels.</summary>
    [Fact]
    public void Outlines_through_centres_give_a_mask_back()
    {
        var masks = from height in Gen.Choose(1, 14)
                    from width in Gen.Choose(1, 17)
                    from share in Gen.Choose(1, 9)
                    from pixels in Gen.ArrayOf(Gen.Choose(0, 9), height * width)
                    select Mask.FromDense([.. pixels.Select(p => (byte)(p < share ? 1 : 0))], new Frame(height, width));
        Prop.ForAll(masks.ToArbitrary(), mask => Outlines.ThroughCentres(mask).Select(o => Polygons.FillPoly(o, mask.Frame)).Aggregate(Mask.Empty(mask.Frame), (all, one) => all.Union(one)).Equals(mask))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    [Fact]
    public void A_hand_comes_back_from_its_label_files_with_holes_and_parts()
    {
        Mask[][] truths = [[Ring(9, 11), Mask.Empty(new Frame(9, 11)), Speck(9, 11)], [Mask.Full(new Frame(3, 3)), Ring(3, 3), Mask.Empty(new Frame(3, 3))]];
        string[] classes = ["finger-1", "Ulna", "Radius"];
        var set = ExportedSets.Of(truths, classes);
        set = set with { Cases = [set.Cases[0] with { Source = set.Cases[0].Source with { Patient = "ID/7", Metadata = new Dictionary<string, string> { ["age"] = "30", ["sex"] = "F", ["note"] = "rings, nails" } } }, set.Cases[1] with { IsTest = true }] };
        var writer = new HandBoneWriter();
        ExportedSets.Write(writer, _root, set);

        Assert.Equal(["test/DCM/ID001/case1.png", "test/outputs_json/ID001/case1.json", "train/DCM/ID_7/case0.png", "train/outputs_json/ID_7/case0.json"],
            Directory.EnumerateFiles(_root, "case*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_root, f)).Order(StringComparer.Ordinal));
        var index = new HandBoneFormat(new HandBoneOptions()).Index(_root);
        Assert.Empty(index.Findings);
        foreach (var (source, truth) in index.Cases.OrderBy(c => c.Id, StringComparer.Ordinal).Zip(truths))
        {
            Assert.Equal(truth, ExportedSets.Back(new HandBoneFormat(new HandBoneOptions()), _root, source, classes));
        }

        Assert.Equal(("30", "rings, nails"), (index.Cases.Single(c => c.Id == "case0").Metadata["age"], index.Cases.Single(c => c.Id == "case0").Metadata["note"]));
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(_root, "train/outputs_json/ID_7/case0.json")))!;
        Assert.Equal(["finger-1", "finger-1", "finger-1", "Radius", "Radius"], json["annotations"]!.AsArray().Select(a => (string?)a!["label"]));     // two rings and a core; two specks
    }

    [Fact]
    public void Other_classes_are_told_to_the_format()
    {
        Mask[][] truths = [[Ring(5, 5)]];
        var writer = new HandBoneWriter();
        ExportedSets.Write(writer, _root, ExportedSets.Of(truths, "membrane"));
        Assert.Equal("""{"classes":["membrane"]}""", writer.ReadBack.Options.ToJsonString());
        ExportedSets.AssertComesBack(new HandBoneFormat(new HandBoneOptions { Classes = ["membrane"] }), _root, truths, "membrane");
    }

    [Theory]
    [InlineData(SegmentationForm.Polygon, PolygonRaster.Coco)]
    [InlineData(SegmentationForm.Polygon, PolygonRaster.Fillpoly)]
    [InlineData(SegmentationForm.Rle, PolygonRaster.Coco)]
    [InlineData(SegmentationForm.Counts, PolygonRaster.Coco)]
    public void Instances_come_back_in_every_form(SegmentationForm form, PolygonRaster raster)
    {
        Mask[][] truths = [[Ring(9, 11), Speck(9, 11)], [Mask.Empty(new Frame(4, 6)), Mask.Full(new Frame(4, 6))], [Mask.Empty(new Frame(2, 2)), Mask.Empty(new Frame(2, 2))]];
        ExportedSets.Write(new CocoWriter(new CocoWriterOptions { Segmentation = form, Raster = raster }), _root, ExportedSets.Of(truths, "ring", "speck"));
        ExportedSets.AssertComesBack(new CocoFormat(new CocoOptions { Raster = raster }), _root, truths, "ring", "speck");
        Assert.False(Directory.Exists(Path.Combine(_root, ".parts")));
    }

    /// <summary>Numbers by hand: a ring of 3 × 3 around one pixel, at row 1 and column 2 of a frame of 5 × 7.</summary>
    [Fact]
    public void Area_box_and_ids_are_those_of_the_pixels()
    {
        var frame = new Frame(5, 7);
        var ring = new Mask(frame, [new Run(9, 3), new Run(16, 1), new Run(18, 1), new Run(23, 3)]);
        var set = ExportedSets.Of([[Mask.Empty(frame), ring], [Mask.Empty(frame), Mask.Empty(frame)], [ring, ring]], "a", "b");
        set = set with { Cases = [set.Cases[0], set.Cases[1] with { IsLabelled = false }, set.Cases[2] with { IsTest = true }] };
        var writer = new CocoWriter(new CocoWriterOptions { Segmentation = SegmentationForm.Counts });
        ExportedSets.Write(writer, _root, set);

        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(_root, "annotations.json")))!;
        Assert.Equal("""[{"id":1,"name":"a","supercategory":""},{"id":2,"name":"b","supercategory":""}]""", json["categories"]!.ToJsonString());
        Assert.Equal("""[{"id":1,"file_name":"case0.png","height":5,"width":7}]""", json["images"]!.ToJsonString());

        // Columns of 5: unset 2 columns and a row, then 3, 2, 1 1 1, 2, 3 set and unset in turn.
        Assert.Equal("""[{"id":1,"image_id":1,"category_id":2,"iscrowd":0,"area":8,"bbox":[2,1,3,3],"segmentation":{"size":[5,7],"counts":[11,3,2,1,1,1,2,3,11]}}]""", json["annotations"]!.ToJsonString());
        var test = JsonNode.Parse(File.ReadAllText(Path.Combine(_root, "test_annotations.json")))!;
        Assert.Equal([1, 2], test["annotations"]!.AsArray().Select(a => (int)a!["id"]!));
        Assert.True(File.Exists(Path.Combine(_root, "unlabelled_images/case1.png")));
        Assert.Equal("""{"raster":"coco","test_images":"test_images","test_annotations":"test_annotations.json"}""", writer.ReadBack.Options.ToJsonString());
        Assert.Equal("test-case2", writer.IdBack(set.Cases[2]));
    }

    // A frame of pixels two inside the border, with an island where there is room.
    private static Mask Ring(int height, int width) => Mask.FromDense([.. Enumerable.Range(0, height * width).Select(i =>
        (byte)(Math.Min(Math.Min(i / width, height - 1 - (i / width)), Math.Min(i % width, width - 1 - (i % width))) % 2 == 0 ? 1 : 0))], new Frame(height, width));

    private static Mask Speck(int height, int width) => new(new Frame(height, width), [new Run(0, 1), new Run((height * width) - 1, 1)]);
}
