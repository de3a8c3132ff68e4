using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Plugins.ImageMask;
using Osteon.Testing;

namespace Osteon.Formats.Tests;

/// <summary>The ways in which label images say what a pixel is.</summary>
public sealed class LabelImageTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("osteon-labels-").FullName;

    public static TheoryData<ImageMaskOptions> Faulty =>
    [
        new ImageMaskOptions { Colors = Colours(("a", 1, 2, 3)), Values = new Dictionary<string, int> { ["a"] = 1 } },
        new ImageMaskOptions { Colors = Colours(("a", 1, 2, 300)) },
        new ImageMaskOptions { Colors = new Dictionary<string, IReadOnlyList<int>> { ["a"] = [1, 2] } },
        new ImageMaskOptions { Colors = Colours(("a", 1, 2, 3), ("b", 1, 2, 3)) },
        new ImageMaskOptions { Colors = Colours(("a", 1, 2, 3)), IgnoreColors = [[1, 2, 3]] },
        new ImageMaskOptions { IgnoreColors = [[0, 0, 0]] },
        new ImageMaskOptions { Colors = Colours(("a", 1, 2, 3)), Threshold = 3 },
        new ImageMaskOptions { ClassFiles = new Dictionary<string, string> { ["a"] = "../{case}" } },
        new ImageMaskOptions { ClassFiles = new Dictionary<string, string> { ["a"] = "{name}" } },
        new ImageMaskOptions { ClassFiles = new Dictionary<string, string> { ["a"] = string.Empty } },
        new ImageMaskOptions { ClassFiles = new Dictionary<string, string> { ["a"] = "a" }, LabelSuffix = "_mask" },
        new ImageMaskOptions { ClassFiles = new Dictionary<string, string> { ["a"] = "a" }, Background = "rest" },
    ];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [MemberData(nameof(Faulty))]
    public void Options_that_make_no_sense_are_refused(ImageMaskOptions options) => Assert.Throws<ConfigurationException>(() => new ImageMaskFormat(options));

    [Fact]
    public void A_palette_counts_by_index_and_not_by_what_it_looks_like()
    {
        // Every entry of this palette is far from its index, and two entries look the same.
        Put("images/a.png", ImageFile.EncodePng(new Image(new Frame(1, 4))));
        Put("labels/a.png", Palette([0, 2, 1, 2], (200, 0, 0), (0, 9, 0), (200, 0, 0)));
        var areas = Areas(new ImageMaskOptions { Values = new Dictionary<string, int> { ["radius"] = 1, ["ulna"] = 2 }, Ignore = [0] });
        Assert.Equal([("radius", 1), ("ulna", 2)], areas);
    }

    [Fact]
    public void Colours_of_a_palette_may_be_named_as_well()
    {
        Put("images/a.png", ImageFile.EncodePng(new Image(new Frame(1, 4))));
        Put("labels/a.png", Palette([0, 2, 1, 2], (0, 0, 0), (0, 9, 0), (200, 0, 0)));
        Assert.Equal([("red", 2)], Areas(new ImageMaskOptions { Colors = Colours(("red", 200, 0, 0)), IgnoreColors = [[0, 0, 0], [0, 9, 0]] }));
    }

    [Fact]
    public void Colours_are_classes_by_a_table()
    {
        Put("images/a.png", ImageFile.EncodePng(new Image(new Frame(1, 4))));
        Put("labels/a.png", ImageFile.EncodePngRgb(new Frame(1, 4), [128, 64, 128, 128, 64, 128, 0, 0, 0, 70, 70, 70]));
        var options = new ImageMaskOptions { Colors = Colours(("road", 128, 64, 128), ("building", 70, 70, 70)), IgnoreColors = [[0, 0, 0]] };
        Assert.Equal(["building", "road"], new ImageMaskFormat(options).Classes);
        Assert.Equal([("building", 1), ("road", 2)], Areas(options));
    }

    [Fact]
    public void Colours_without_a_meaning_are_listed()
    {
        Put("images/a.png", ImageFile.EncodePng(new Image(new Frame(1, 2))));
        Put("labels/a.png", ImageFile.EncodePngRgb(new Frame(1, 2), [1, 2, 3, 128, 64, 128]));
        var refused = Assert.Throws<DataException>(() => Areas(new ImageMaskOptions { Colors = Colours(("road", 128, 64, 128)) }));
        Assert.StartsWith("labels/a.png: 1 colour(s) have no meaning: [1, 2, 3] (1 pixels). Given are road: [128, 64, 128].", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sixteen_bits_hold_indices_beyond_255()
    {
        var labels = new Image(new Frame(1, 3), 2);
        ((ReadOnlySpan<ushort>)[300, 0, 300]).CopyTo(labels.Pixels<ushort>());
        Put("images/a.png", ImageFile.EncodePng(new Image(new Frame(1, 3))));
        Put("labels/a.png", ImageFile.EncodePng(labels));
        Assert.Equal([("vertebra", 2)], Areas(new ImageMaskOptions { Values = new Dictionary<string, int> { ["vertebra"] = 300 }, Ignore = [0] }));
    }

    [Fact]
    public void A_palette_of_black_and_white_is_a_mask_and_one_of_colours_is_not()
    {
        Put("images/a.png", ImageFile.EncodePng(new Image(new Frame(1, 4))));
        Put("labels/a.png", Palette([0, 1, 1, 0], (0, 0, 0), (255, 255, 255)));
        Assert.Equal([("foreground", 2)], Areas(new ImageMaskOptions()));

        Put("labels/a.png", Palette([0, 1, 1, 0], (0, 0, 0), (128, 0, 0)));
        Assert.Contains("values", Assert.Throws<DataException>(() => Areas(new ImageMaskOptions())).What, StringComparison.Ordinal);
        Assert.Equal([("foreground", 2)], Areas(new ImageMaskOptions { Threshold = 0 }));
    }

    [Fact]
    public void Bitmaps_count_by_index_too()
    {
        Put("images/a.png", ImageFile.EncodePng(new Image(new Frame(2, 2))));
        Put("labels/a.bmp", Bitmap());
        Assert.Equal([("one", 1), ("three", 2)], Areas(new ImageMaskOptions { Values = new Dictionary<string, int> { ["one"] = 1, ["three"] = 3 }, Ignore = [0] }));
    }

    [Fact]
    public void Each_class_has_a_folder_and_they_overlap()
    {
        Put("images/a.png", ImageFile.EncodePng(new Image(new Frame(1, 4))));
        Put("labels/left/a.png", Grey(0, 255, 255, 0));
        Put("labels/right/a.png", Grey(0, 0, 255, 255));
        var options = new ImageMaskOptions { ClassFiles = new Dictionary<string, string> { ["right lung"] = "right", ["left lung"] = "left" } };
        Assert.Equal(["left lung", "right lung"], new ImageMaskFormat(options).Classes);
        Assert.Equal([("left lung", 2), ("right lung", 2)], Areas(options));
    }

    [Fact]
    public void Patterns_name_a_class_s_files()
    {
        Put("images/case1.png", ImageFile.EncodePng(new Image(new Frame(1, 4))));
        Put("images/case1_x.png", ImageFile.EncodePng(new Image(new Frame(1, 4))));
        Put("labels/case1_ulna.png", Grey(0, 0, 0, 255));
        Put("labels/case1/carpal-1.png", Grey(255, 0, 0, 0));
        Put("labels/case1/carpal-2.png", Grey(0, 255, 0, 0));
        Put("labels/case1_x_ulna.png", Grey(255, 255, 255, 255));
        Put("labels/other.png", Grey(255, 255, 255, 255));
        var format = new ImageMaskFormat(new ImageMaskOptions { ClassFiles = new Dictionary<string, string> { ["carpals"] = "{case}/carpal-*", ["ulna"] = "{case}_ulna" } });
        var index = format.Index(_root);
        Assert.Equal(["case1", "case1_x"], index.Cases.Select(c => c.Id));
        Assert.Equal([("stray-file", "labels/other.png")], index.Findings.Select(f => (f.Check, f.Where)));
        Assert.Equal([("carpals", 1), ("carpals", 1), ("ulna", 1)], Areas(format, index.Cases[0]));
        Assert.Equal([("ulna", 4)], Areas(format, index.Cases[1]));
    }

    [Fact]
    public void A_case_without_any_class_file_is_told()
    {
        Put("images/a.png", ImageFile.EncodePng(new Image(new Frame(1, 4))));
        Put("images/b.png", ImageFile.EncodePng(new Image(new Frame(1, 4))));
        Put("labels/ulna/a.png", Grey(0, 0, 0, 255));
        Put("labels/ulna/c.png", Grey(0, 0, 0, 255));
        var index = new ImageMaskFormat(new ImageMaskOptions { ClassFiles = new Dictionary<string, string> { ["ulna"] = "ulna" } }).Index(_root);
        Assert.Equal([("missing-image", "labels/ulna/c.png"), ("missing-label", "images/b.png")], index.Findings.Select(f => (f.Check, f.Where)).Order());
    }

    [Fact]
    public void Each_page_of_a_stack_is_a_case_of_its_patient()
    {
        Image[] images = [Plane(1, 2), Plane(3, 4), Plane(5, 6)], labels = [Plane(0, 255), Plane(255, 255), Plane(0, 0)];
        Put("train-volume.tif", TiffStack.Of(images));
        Put("train-labels.tif", TiffStack.Of(labels));
        Put("test-volume.tif", TiffStack.Of(images[..1]));
        var format = new ImageMaskFormat(new ImageMaskOptions { Images = "train-volume.tif", Labels = "train-labels.tif", TestImages = "test-volume.tif", Foreground = "cell", Background = "membrane" });

        var index = format.Index(_root);

        Assert.Empty(index.Findings);
        Assert.Equal(["train-volume-0000", "train-volume-0001", "train-volume-0002", "test-test-volume"], index.Cases.Select(c => c.Id));
        Assert.Equal(["train-volume", "train-volume", "train-volume", "test-test-volume"], index.Cases.Select(c => c.Patient));
        Assert.Equal([1, 3, 5, 1], index.Cases.Select(c => (int)format.ReadImage(_root, c).Bytes[0]));
        Assert.Equal([("membrane", 1), ("cell", 1)], Areas(format, index.Cases[0]));
        Assert.Equal([("cell", 2)], Areas(format, index.Cases[1]));
        Assert.Equal([("membrane", 2)], Areas(format, index.Cases[2]));
    }

    [Fact]
    public void Stacks_of_different_length_are_told()
    {
        Put("images/s.tif", TiffStack.Of(Plane(1), Plane(2)));
        Put("labels/s.tif", TiffStack.Of(Plane(1)));
        var index = new ImageMaskFormat(new()).Index(_root);
        Assert.Equal([("page-count", Severity.Red)], index.Findings.Select(f => (f.Check, f.Severity)));
        Assert.Equal(["labels/s.tif#0000", null], index.Cases.Select(c => c.LabelPath));
        Assert.Equal("s", Assert.Single(new ImageMaskFormat(new ImageMaskOptions { Pages = PageChoice.First }).Index(_root).Cases).Id);
    }

    [Fact]
    public void The_ISBI_stack_has_the_values_of_its_pages()
    {
        var source = SharedData.Path("data/isbi-em");
        var golden = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "golden.json")))!["slices"]!;
        Put("train-volume.tif", TiffStack.Of([.. Enumerable.Range(0, 30).Select(i => ImageFile.ReadGray(Path.Combine(source, "images", $"{i}.png")))]));
        Put("train-labels.tif", TiffStack.Of([.. Enumerable.Range(0, 30).Select(i => ImageFile.ReadGray(Path.Combine(source, "labels", $"{i}.png")))]));
        var format = new ImageMaskFormat(new ImageMaskOptions { Images = "train-volume.tif", Labels = "train-labels.tif", Values = new Dictionary<string, int> { ["membrane"] = 0, ["cell"] = 255 } });

        var cases = format.Index(_root).Cases;

        Assert.Equal(30, cases.Count);
        for (var i = 0; i < 30; i += 7)
        {
            Assert.Equal((string)golden[$"{i}"]!["image"]!["sha256"]!, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(format.ReadImage(_root, cases[i]).Bytes)));
            var values = golden[$"{i}"]!["label"]!["values"]!;
            Assert.Equal([("membrane", (long)values["0"]!), ("cell", (long)values["255"]!)], Areas(format, cases[i]));
        }
    }

    private static Dictionary<string, IReadOnlyList<int>> Colours(params (string Name, int R, int G, int B)[] colours) =>
        colours.ToDictionary(c => c.Name, c => (IReadOnlyList<int>)[c.R, c.G, c.B]);

    private static Image Plane(params byte[] pixels) => new(new Frame(1, pixels.Length), 1, pixels);

    private static byte[] Grey(params byte[] pixels) => ImageFile.EncodePng(Plane(pixels));

    /// <summary>A PNG of one row with a palette, chunk by chunk.</summary>
    private static byte[] Palette(byte[] row, params (byte R, byte G, byte B)[] palette)
    {
        var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        Chunk("IHDR", [0, 0, 0, (byte)row.Length, 0, 0, 0, 1, 8, 3, 0, 0, 0]);
        Chunk("PLTE", [.. palette.SelectMany(c => new[] { c.R, c.G, c.B })]);
        var packed = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write([0, .. row]);
        }

        Chunk("IDAT", packed.ToArray());
        Chunk("IEND", []);
        return png.ToArray();

        void Chunk(string type, byte[] content)
        {
            byte[] body = [.. System.Text.Encoding.ASCII.GetBytes(type), .. content];
            png.Write([0, 0, (byte)(content.Length >> 8), (byte)content.Length]);
            png.Write(body);
            var crc = uint.MaxValue;
            foreach (var b in body)
            {
                crc ^= b;
                for (var i = 0; i < 8; i++)
                {
                    crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
                }
            }

            crc = ~crc;
            png.Write([(byte)(crc >> 24), (byte)(crc >> 16), (byte)(crc >> 8), (byte)crc]);
        }
    }

    /// <summary>2 × 2 pixels of 4 bits, bottom row first: 3 0 below 1 3, and a palette of four colours.</summary>
    private static byte[] Bitmap()
    {
        var bytes = new byte[54 + 16 + 8];
        "BM"u8.CopyTo(bytes);
        (bytes[2], bytes[10], bytes[14], bytes[18], bytes[22], bytes[26], bytes[28], bytes[46]) = ((byte)bytes.Length, 70, 40, 2, 2, 1, 4, 4);
        for (var i = 0; i < 16; i++)
        {
            bytes[54 + i] = (byte)(250 - (i * 13));
        }

        (bytes[70], bytes[74]) = (0x30, 0x13);
        return bytes;
    }

    private List<(string Class, long Area)> Areas(ImageMaskOptions options)
    {
        var format = new ImageMaskFormat(options);
        return Areas(format, format.Index(_root).Cases.Single());
    }

    private List<(string Class, long Area)> Areas(ImageMaskFormat format, CaseSource source) =>
        [.. format.ReadLabels(_root, source, format.ReadImage(_root, source).Frame).Cast<MaskAnnotation>().Select(a => (a.Class, a.Mask.Area))];

    private void Put(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, path))!);
        File.WriteAllBytes(Path.Combine(_root, path), bytes);
    }
}
