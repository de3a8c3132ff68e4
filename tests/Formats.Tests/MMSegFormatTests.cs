using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Plugins.ImageMask;

namespace Osteon.Formats.Tests;

/// <summary>Folders, suffixes and label reduction as MMSegmentation's BaseSegDataset and LoadAnnotations have them.</summary>
public sealed class MMSegFormatTests : IDisposable
{
    private static readonly MMSegOptions Two = new() { Classes = ["road", "building"] };

    private readonly string _root = Directory.CreateTempSubdirectory("osteon-mmseg-").FullName;

    public static TheoryData<MMSegOptions> Faulty =>
    [
        new MMSegOptions(),
        Two with { Classes = ["a", "a"] },
        Two with { Palette = [[1, 2, 3]] },
        Two with { Palette = [[1, 2, 3], [1, 2, 3]] },
        Two with { Palette = [[1, 2, 3], [1, 2, 300]] },
        Two with { IgnoreIndex = 1 },
        Two with { IgnoreIndex = 70000 },
        Two with { IgnoreIndex = 2, ReduceZeroLabel = true },
        Two with { Splits = new Dictionary<string, string> { ["valid"] = "v.txt" } },
        Two with { Splits = new Dictionary<string, string> { ["val"] = "../v.txt" } },
        Two with { ImgDir = "/data" },
        Two with { SegMapSuffix = string.Empty },
        Two with { PatientPattern = "(" },
    ];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [MemberData(nameof(Faulty))]
    public void Options_that_make_no_sense_are_refused(MMSegOptions options) => Assert.Throws<ConfigurationException>(() => new MMSegFormat(options));

    [Fact]
    public void Parts_are_folders_and_facts()
    {
        Put("img_dir/train/city/2.jpg");
        Put("img_dir/train/city/10.png");
        Put("img_dir/val/2.png");
        Put("img_dir/test/2.png");
        foreach (var map in new[] { "train/city/2", "train/city/10", "val/2", "val/3" })
        {
            Put($"ann_dir/{map}.png", 0);
        }

        var index = new MMSegFormat(Two).Index(_root);

        Assert.Equal([("city-2", "train", "ann_dir/train/city/2.png"), ("city-10", "train", "ann_dir/train/city/10.png"), ("val-2", "val", "ann_dir/val/2.png"), ("test-2", "test", null)],
            index.Cases.Select(c => (c.Id, c.Metadata["split"], c.LabelPath)));
        Assert.Equal([Subset.Train, Subset.Train, Subset.Train, Subset.Test], index.Cases.Select(c => c.Subset));
        Assert.Equal([("missing-image", "ann_dir/val/3.png"), ("undecided-pixels", ".")], index.Findings.Select(f => (f.Check, f.Where)));
    }

    [Fact]
    public void Suffixes_are_exchanged_as_Cityscapes_needs_it()
    {
        Put("leftImg8bit/train/aachen/aachen_000_leftImg8bit.png");
        Put("leftImg8bit/train/aachen/stray.png");
        Put("gtFine/train/aachen/aachen_000_gtFine_labelTrainIds.png", 0);
        Put("gtFine/train/aachen/aachen_000_gtFine_instanceIds.png", 9);
        var index = new MMSegFormat(Two with { ImgDir = "leftImg8bit", AnnDir = "gtFine", ImgSuffix = "_leftImg8bit.png", SegMapSuffix = "_gtFine_labelTrainIds.png" }).Index(_root);
        Assert.Equal([("aachen-aachen_000", "gtFine/train/aachen/aachen_000_gtFine_labelTrainIds.png")], index.Cases.Select(c => (c.Id, c.LabelPath!)));
        Assert.Equal(["undecided-pixels"], index.Findings.Select(f => f.Check));
    }

    [Fact]
    public void Lists_say_who_is_in_which_part()
    {
        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            Put($"JPEGImages/{name}.jpg");
            Put($"SegmentationClass/{name}.png", 1);
        }

        File.WriteAllText(Path.Combine(_root, "train.txt"), "\uFEFFb\r\na.jpg\r\n\r\nx\r\n");
        File.WriteAllText(Path.Combine(_root, "val.txt"), "c\na\n");
        var index = new MMSegFormat(Two with { ImgDir = "JPEGImages", AnnDir = "SegmentationClass", Splits = new Dictionary<string, string> { ["train"] = "train.txt", ["val"] = "val.txt" } }).Index(_root);
        Assert.Equal([("b", "train"), ("a", "train"), ("c", "val")], index.Cases.Select(c => (c.Id, c.Metadata["split"])));
        Assert.Equal([("missing-image", "train.txt"), ("duplicate-id", "JPEGImages/a.jpg"), ("undecided-pixels", ".")], index.Findings.Select(f => (f.Check, f.Where)));
        Assert.Contains("Line 3 names 'x'", index.Findings[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, new byte[] { 0, 1, 255, 1 }, 1, 2)]
    [InlineData(true, new byte[] { 0, 1, 255, 2 }, 1, 1)]
    public void Zero_is_a_class_or_counts_for_nothing(bool reduce, byte[] map, long road, long building) =>
        Assert.Equal([("road", road), ("building", building)], Areas(Two with { ReduceZeroLabel = reduce }, () => Put("ann_dir/train/a.png", map)));

    [Fact]
    public void A_value_beyond_the_classes_is_refused() =>
        Assert.Contains("2 (1 pixels)", Assert.Throws<DataException>(() => Areas(Two, () => Put("ann_dir/train/a.png", 0, 1, 2, 0))).What, StringComparison.Ordinal);

    [Fact]
    public void Maps_stored_as_colours_go_by_the_palette()
    {
        var areas = Areas(Two with { Palette = [[128, 64, 128], [70, 70, 70]], ReduceZeroLabel = true }, () =>
            Write("ann_dir/train/a.png", ImageFile.EncodePngRgb(new Frame(1, 4), [128, 64, 128, 70, 70, 70, 70, 70, 70, 0, 0, 0])));
        Assert.Equal([("road", 1), ("building", 2)], areas);
    }

    [Fact]
    public void The_palette_does_not_touch_maps_of_indices() =>
        Assert.Equal([("road", 3), ("building", 1)], Areas(Two with { Palette = [[128, 64, 128], [1, 1, 1]] }, () => Put("ann_dir/train/a.png", 0, 0, 1, 0)));

    [Fact]
    public void A_root_of_another_layout_says_what_was_looked_for() =>
        Assert.Contains("img_dir/train", Assert.Throws<ConfigurationException>(() => new MMSegFormat(Two).Index(_root)).Message, StringComparison.Ordinal);

    private List<(string, long)> Areas(MMSegOptions options, Action put)
    {
        Put("img_dir/train/a.png", 1, 2, 3, 4);
        put();
        var format = new MMSegFormat(options);
        return [.. format.ReadLabels(_root, format.Index(_root).Cases.Single(), new Frame(1, 4)).Cast<MaskAnnotation>().Select(a => (a.Class, a.Mask.Area))];
    }

    private void Put(string path, params byte[] pixels)
    {
        pixels = pixels.Length > 0 ? pixels : [1];
        Write(path, path.EndsWith(".jpg", StringComparison.Ordinal) ? ImageFile.EncodeJpeg(new Image(new Frame(1, pixels.Length), 1, pixels)) : ImageFile.EncodePng(new Image(new Frame(1, pixels.Length), 1, pixels)));
    }

    private void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, path))!);
        File.WriteAllBytes(Path.Combine(_root, path), bytes);
    }
}
