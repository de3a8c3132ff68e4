using System.Buffers.Binary;
using System.IO.Hashing;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging.Tests;

/// <summary>Files made here, then hurt.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-imaging-").FullName;

    public static TheoryData<string> Kinds => ["png", "jpg", "bmp"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void A_png_comes_back_as_it_was_written(int bits)
    {
        var (path, image) = (Path.Combine(_folder, "image.png"), Formula.Image(bits));
        ImageFile.WritePng(path, image);
        Assert.Equal(image.Bytes.ToArray(), ImageFile.ReadGray(path).Bytes.ToArray());
        Assert.Equal(image.Bytes.ToArray(), ImageFile.ReadIndexed(path).Bytes.ToArray());
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_png_cut_anywhere_is_an_error_that_names_it()
    {
        // Eleven bytes behind a chunk were once taken for a whole one.
        var whole = ImageFile.EncodePng(new Image(new Frame(2, 2)));
        Assert.All(Enumerable.Range(1, whole.Length - 1), length =>
        {
            var path = Write("cut.png", whole[..length]);
            Assert.Equal(path, Assert.Throws<DataException>(() => ImageFile.ReadGray(path)).Path);
        });
    }

    [Fact]
    public void Colours_come_back_in_their_order()
    {
        byte[] rgb = [255, 0, 1, 2, 254, 3];
        var path = Write("colour.png", ImageFile.EncodePngRgb(new Frame(1, 2), rgb));
        Assert.Equal((new Frame(1, 2), rgb), ImageFile.ReadColor(path), (a, b) => a.Item1 == b.Item1 && a.Item2.SequenceEqual(b.Item2));
    }

    [Theory]
    [InlineData(40_000, 16, "4800000000 bytes")]                    // colour, 8 bit: within the pixels read, beyond an array
    [InlineData(2, 6, "cannot be decoded")]                         // grey, 64-bit floating point
    public void A_picture_that_no_array_can_hold_is_refused(int side, int type, string reason)
    {
        var header = new Header { Height = side, Width = side, Type = type };
        Assert.Contains(reason, Assert.Throws<DataException>(() => EncodedImage.Take("a.png", 0, 0, header)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_cut_anywhere_is_refused(string kind)
    {
        var whole = Encode(kind);
        Assert.Equal(Formula.Frame, ImageFile.ReadGray(Write("whole", whole)).Frame);
        for (var length = 0; length < whole.Length; length += length < 64 ? 1 : 97)
        {
            var path = Write("cut", whole[..length]);
            Assert.Throws<DataException>(() => ImageFile.ReadGray(path));
            Assert.Throws<DataException>(() => ImageFile.ReadFrame(path));
        }
    }

    [Fact]
    public void A_png_with_any_byte_changed_is_refused_or_the_same()
    {
        var (whole, image) = (Encode("png"), Formula.Image(8).Bytes.ToArray());
        for (var i = 0; i < whole.Length; i += i < 64 ? 1 : 101)
        {
            var hurt = whole.ToArray();
            hurt[i] ^= 0x10;
            try
            {
                Assert.Equal(image, ImageFile.ReadGray(Write("hurt", hurt)).Bytes.ToArray());
            }
            catch (DataException)
            {
            }
        }
    }

    [Theory]
    [InlineData(60000, 60000, "pixels are read")]
    [InlineData(20000, 20000, "cannot hold")]
    [InlineData(0, 10, "pixels are read")]
    public void A_header_that_asks_for_too_much_is_refused_before_memory_is(int height, int width, string why)
    {
        var bytes = Encode("png");
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(29), Crc32.HashToUInt32(bytes.AsSpan(12, 17)));
        var path = Write("absurd.png", bytes);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(why, Assert.Throws<DataException>(() => ImageFile.ReadGray(path)).What, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void A_file_of_another_kind_is_named_for_what_it_begins_with()
    {
        var refused = Assert.Throws<DataException>(() => ImageFile.ReadGray(Write("notes.png", "hello, world"u8.ToArray())));
        Assert.Contains("68656C6C6F2C2077", refused.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_said_to_be_missing() =>
        Assert.Contains("does not exist", Assert.Throws<DataException>(() => ImageFile.ReadGray(Path.Combine(_folder, "none.png"))).What, StringComparison.Ordinal);

    private static byte[] Encode(string kind) => kind switch
    {
        "png" => ImageFile.EncodePng(Formula.Image(8)),
        "jpg" => ImageFile.EncodeJpeg(Formula.Image(8)),
        _ => Bitmap(Formula.Image(8)),
    };

    // BITMAPFILEHEADER, BITMAPINFOHEADER, 256 greys, rows from the bottom, each a multiple of four bytes.
    private static byte[] Bitmap(Image image)
    {
        var (h, w) = (image.Frame.Height, image.Frame.Width);
        var (offset, stride) = (54 + 1024, (w + 3) / 4 * 4);
        var file = new byte[offset + (stride * h)];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), offset);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), w);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), h);
        file[26] = 1;
        file[28] = 8;
        for (var v = 0; v < 256; v++)
        {
            file.AsSpan(54 + (4 * v), 3).Fill((byte)v);
        }

        for (var y = 0; y < h; y++)
        {
            image.Bytes.Slice(y * w, w).CopyTo(file.AsSpan(offset + ((h - 1 - y) * stride)));
        }

        return file;
    }

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
