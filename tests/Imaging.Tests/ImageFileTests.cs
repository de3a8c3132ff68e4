using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Testing;

namespace Osteon.Imaging.Tests;

/// <summary>Real files, with the numbers that OpenCV and Pillow found in them.</summary>
public sealed class ImageFileTests
{
    private const string Folder = "data/images/";

    // OpenCV reads this one, with half of it grey; it must not pass here.
    private const string Truncated = "pillow_truncated_jpeg.jpg";

    private static readonly Lazy<JsonObject> Files = new(() =>
        JsonNode.Parse(File.ReadAllText(SharedData.Path(Folder + "golden.json")))!["files"]!.AsObject());

    [Fact]
    public void Reads_grey_as_cv2_does()
    {
        Assert.All(Files.Value.Where(f => IsReadable(f.Key, f.Value!)), file =>
        {
            var (name, golden) = (file.Key, file.Value!);
            var image = ImageFile.ReadGray(SharedData.Path(Folder + name));
            var wide = golden["cv2_unchanged"]!["dtype"]!.ToString() == "uint16";
            var expected = golden[wide ? "cv2_unchanged" : "cv2_gray"]!;
            Assert.Equal(wide ? 2 : 1, image.BytesPerPixel);
            Assert.Equal(FrameOf(golden["cv2_gray"]!), image.Frame);
            if (expected["shape"]!.AsArray().Count == 2)
            {
                AssertSame(name, expected, image.Bytes, image.BytesPerPixel);
            }
        });
    }

    [Fact]
    public void Reads_colour_as_cv2_does()
    {
        Assert.All(Files.Value.Where(f => IsReadable(f.Key, f.Value!)), file =>
        {
            var (frame, bytes) = ImageFile.ReadColor(SharedData.Path(Folder + file.Key));
            for (var i = 0; i < bytes.Length; i += 3)
            {
                (bytes[i], bytes[i + 2]) = (bytes[i + 2], bytes[i]);
            }

            Assert.Equal(FrameOf(file.Value!["cv2_color_bgr"]!), frame);
            AssertSame(file.Key, file.Value!["cv2_color_bgr"]!, bytes, 1);
        });
    }

    [Fact]
    public void Knows_the_frame_from_the_header_as_from_the_pixels()
    {
        Assert.All(Files.Value.Where(f => IsReadable(f.Key, f.Value!)), file =>
            Assert.Equal(FrameOf(file.Value!["cv2_gray"]!), ImageFile.ReadFrame(SharedData.Path(Folder + file.Key))));
    }

    [Fact]
    public void Refuses_what_is_damaged_and_names_the_file()
    {
        var damaged = Files.Value.Where(f => !IsReadable(f.Key, f.Value!)).ToList();
        Assert.Equal(16, damaged.Count);
        Assert.All(damaged, file =>
        {
            var path = SharedData.Path(Folder + file.Key);
            Assert.StartsWith(path, Assert.Throws<DataException>(() => ImageFile.ReadGray(path)).Message, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("IMG0004028.jpg")]
    [InlineData("IMG0004029.jpg")]
    [InlineData("IMG0004036.jpg")]
    [InlineData("IMG0004070.jpg")]
    [InlineData("IMG0004073.jpg")]
    [InlineData("IMG0004076.jpg")]
    public void Refuses_truncated_radiographs_that_cv2_reads_as_grey(string name)
    {
        var path = Directory.GetFiles(SharedData.Path("data/xray-fracatlas/images"), name, SearchOption.AllDirectories).Single();
        Assert.Contains("truncated", Assert.Throws<DataException>(() => ImageFile.ReadGray(path)).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_every_whole_radiograph_of_FracAtlas()
    {
        var golden = JsonNode.Parse(File.ReadAllText(SharedData.Path("data/xray-fracatlas/golden.json")))!["images"]!.AsObject();
        var paths = Directory.GetFiles(SharedData.Path("data/xray-fracatlas/images"), "*.jpg", SearchOption.AllDirectories).ToDictionary(p => Path.GetFileName(p));
        Assert.All(golden.Where(f => f.Value!["pil_load_error"] is null), file =>
        {
            Assert.Equal(FrameOf(file.Value!["cv2_gray"]!), ImageFile.ReadFrame(paths[file.Key]));
            var image = ImageFile.ReadGray(paths[file.Key]);
            Assert.Equal(FrameOf(file.Value!["cv2_gray"]!), image.Frame);
            Assert.Equal((double)file.Value!["cv2_gray"]!["mean"]!, Mean(image.Bytes, 1), 0.5);
        });
    }

    [Fact]
    public void Keeps_palette_indices_and_small_samples_of_label_images()
    {
        var compared = 0;
        Assert.All(Files.Value.Where(f => f.Value!["pil"]?["mode"]?.ToString() is "P" or "1" && f.Key.EndsWith(".png", StringComparison.Ordinal) && IsReadable(f.Key, f.Value!)), file =>
        {
            var labels = ImageFile.ReadIndexed(SharedData.Path(Folder + file.Key));
            Assert.Equal((string)file.Value!["pil"]!["raw"]!["sha256"]!, Formula.Digest(labels.Bytes));
            compared++;
        });
        Assert.True(compared > 20, $"{compared} files");
    }

    [Theory]
    [InlineData("pngsuite/basn0g02.png", 3)]
    [InlineData("pngsuite/cm0n0g04.png", 15)]
    public void Does_not_stretch_grey_of_few_bits_in_a_label_image(string name, int brightest)
    {
        var labels = ImageFile.ReadIndexed(SharedData.Path(Folder + name));
        Assert.Equal(brightest, labels.Bytes.ToArray().Max());
    }

    [Fact]
    public void Refuses_a_coloured_label_image()
    {
        var refused = Assert.Throws<DataException>(() => ImageFile.ReadIndexed(SharedData.Path(Folder + "pngsuite/cdun2c08.png")));
        Assert.Contains("coloured", refused.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_each_page_of_a_tiff()
    {
        var path = SharedData.Path(Folder + "pillow_multipage.tiff");
        Assert.Equal(3, ImageFile.CountPages(path));
        Assert.Equal([new Frame(10, 10), new Frame(10, 10), new Frame(20, 20)], Enumerable.Range(0, 3).Select(p => ImageFile.ReadGray(path, p).Frame));
        Assert.Contains("0 to 2", Assert.Throws<DataException>(() => ImageFile.ReadGray(path, 3)).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pillow_hopper_lzw.tif")]
    [InlineData("pillow_16bit.MM.deflate.tif")]
    [InlineData("pillow_16bit.cropped.tif")]
    [InlineData("pillow_12in16bit.tif")]
    public void Refuses_a_tiff_without_its_second_half(string name)
    {
        var whole = File.ReadAllBytes(SharedData.Path(Folder + name));
        var cut = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(cut, whole[..(whole.Length / 2)]);
            Assert.Throws<DataException>(() => ImageFile.ReadGray(cut));
        }
        finally
        {
            File.Delete(cut);
        }
    }

    private static bool IsReadable(string name, JsonNode golden) => golden["cv2_gray"] is not null && name != Truncated;

    private static Frame FrameOf(JsonNode entry) => new((int)entry["shape"]![0]!, (int)entry["shape"]![1]!);

    // Decoders of JPEG may differ by a level; the others agree in every bit.
    private static void AssertSame(string name, JsonNode expected, ReadOnlySpan<byte> bytes, int size)
    {
        if (name.EndsWith("jpg", StringComparison.Ordinal))
        {
            Assert.Equal((double)expected["mean"]!, Mean(bytes, size), 0.5);
        }
        else
        {
            Assert.Equal((string)expected["sha256"]!, Formula.Digest(bytes));
        }
    }

    private static double Mean(ReadOnlySpan<byte> bytes, int size)
    {
        var sum = 0.0;
        for (var i = 0; i < bytes.Length; i += size)
        {
            sum += size == 1 ? bytes[i] : BitConverter.ToUInt16(bytes[i..]);
        }

        return sum / (bytes.Length / size);
    }
}
