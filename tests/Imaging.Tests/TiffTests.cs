using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging.Tests;

/// <summary>Stacks and label images in TIFF, against values that other programs packed (Golden/make_tiff.py).</summary>
public sealed class TiffTests : IDisposable
{
    private static readonly JsonObject Golden = Load();

    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-tiff-").FullName;

    public static TheoryData<string> Names => [.. Golden["files"]!.AsObject().Select(f => f.Key)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void Keeps_the_values_of_each_page(string name)
    {
        var (path, pages) = Put(name);
        Assert.Equal(2, ImageFile.CountPages(path));
        for (var page = 0; page < 2; page++)
        {
            var labels = ImageFile.ReadIndexed(path, page);
            Assert.Equal(new Frame(37, 53), labels.Frame);
            Assert.Equal((string)pages[page]!["sha256_uint16"]!, Digest(labels));
        }
    }

    [Theory]
    [InlineData("grey8-lzw", 8)]
    [InlineData("grey16-lzw-predictor", 16)]
    [InlineData("tiled8-deflate", 8)]
    [InlineData("tiled16-big-endian", 16)]
    public void An_image_has_the_same_values_and_says_its_bits(string name, int bits)
    {
        var (path, pages) = Put(name);
        var image = ImageFile.ReadGray(path, 1);
        Assert.Equal((string)pages[1]!["sha256_uint16"]!, Digest(image));
        Assert.Equal(("tiff", bits, 1, "MINISBLACK"), (image.Origin.Kind, image.Origin.Bits, image.Origin.Channels, image.Origin.Photometric));
    }

    [Fact]
    public void A_palette_comes_with_its_indices()
    {
        var labels = ImageFile.ReadLabels(Put("palette8-lzw").Path);
        Assert.True(labels.IsColoured);
        Assert.Equal((1 * 37 % 256 << 16) | ((37 + 91) % 256 << 8) | ((37 + 182) % 256), labels.Palette![1]);
    }

    [Fact]
    public void One_bit_is_black_or_white_to_a_threshold()
    {
        var labels = ImageFile.ReadLabels(Put("bilevel-fax4").Path);
        Assert.Equal([0, 255], new[] { labels.Brightness(0), labels.Brightness(1) }.Order());
    }

    [Fact]
    public void Says_which_pages_there_are() =>
        Assert.Contains("the pages are 0 to 1", Assert.Throws<DataException>(() => ImageFile.ReadIndexed(Put("grey8-lzw").Path, 2)).What, StringComparison.Ordinal);

    [Fact]
    public void A_smaller_copy_is_no_page()
    {
        // The second directory of a file by hand says that it is a reduced copy: NewSubfileType (254) takes ImageLength's place behind ImageWidth.
        var (path, _) = Put("tiled8-deflate");
        var bytes = File.ReadAllBytes(path);
        var first = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4));
        var entries = BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(first));
        var second = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(first + 2 + (12 * entries)));
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(second + 2 + (12 * 5)), 254);     // for SamplesPerPixel, whose default is 1
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(second + 4 + (12 * 5)), 4);
        File.WriteAllBytes(path, bytes);
        Assert.Equal(1, ImageFile.CountPages(path));
    }

    [Fact]
    public void Refuses_pages_that_the_bytes_cannot_hold()
    {
        var (path, _) = Put("strips32-big-endian");
        var bytes = File.ReadAllBytes(path);
        var directory = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(4));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(directory + 2 + 8), 30_000);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(directory + 2 + 12 + 8), 30_000);
        File.WriteAllBytes(path, bytes);
        Assert.Contains("cannot hold", Assert.Throws<DataException>(() => ImageFile.ReadIndexed(path)).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_cut_short_is_refused()
    {
        var (path, _) = Put("grey8-lzw");
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 3)]);
        Assert.StartsWith(path, Assert.Throws<DataException>(() => ImageFile.ReadIndexed(path)).Message, StringComparison.Ordinal);
    }

    private (string Path, JsonArray Pages) Put(string name)
    {
        var file = Golden["files"]![name]!;
        var path = Path.Combine(_folder, $"{name}.tif");
        File.WriteAllBytes(path, Convert.FromBase64String((string)file["file"]!));
        return (path, file["pages"]!.AsArray());
    }

    private static string Digest(Image image)
    {
        var wide = new byte[2 * image.Frame.Area];
        for (var i = 0; i < image.Frame.Area; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(wide.AsSpan(2 * i), image.BytesPerPixel == 1 ? image.Bytes[i] : image.Pixels<ushort>()[i]);
        }

        return Convert.ToHexStringLower(SHA256.HashData(wide));
    }

    private static JsonObject Load()
    {
        using var stream = typeof(TiffTests).Assembly.GetManifestResourceStream("tiff.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
