using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging.Tests;

/// <summary>The quick way through a PNG gives OpenCV's pixels.</summary>
public sealed class PngGreyTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(70, 33)]
    [InlineData(129, 257)]
    public void Grey_and_grey_as_colour_come_back(int height, int width)
    {
        var image = Drawn(new Frame(height, width));
        File.WriteAllBytes(_path, ImageFile.EncodePng(image));
        Assert.Equal(image.Bytes.ToArray(), ImageFile.ReadGray(_path).Bytes.ToArray());
        Assert.Equal((1, false), (ImageFile.ReadGray(_path).Origin.Channels, ImageFile.ReadGray(_path).Origin.Coloured));

        File.WriteAllBytes(_path, ImageFile.EncodePngRgb(image.Frame, [.. image.Bytes.ToArray().SelectMany(v => new[] { v, v, v })]));
        Assert.Equal(image.Bytes.ToArray(), ImageFile.ReadGray(_path).Bytes.ToArray());
        Assert.Equal((3, false, 8, "png"), (ImageFile.ReadGray(_path).Origin.Channels, ImageFile.ReadGray(_path).Origin.Coloured, ImageFile.ReadGray(_path).Origin.Bits, ImageFile.ReadGray(_path).Origin.Kind));
    }

    [Fact]
    public void One_coloured_pixel_is_enough_to_tell()
    {
        var frame = new Frame(40, 40);
        var rgb = Drawn(frame).Bytes.ToArray().SelectMany(v => new[] { v, v, v }).ToArray();
        (rgb[3000], rgb[3001], rgb[3002]) = (200, 10, 10);
        File.WriteAllBytes(_path, ImageFile.EncodePngRgb(frame, rgb));
        var read = ImageFile.ReadGray(_path);
        Assert.True(read.Origin.Coloured);
        Assert.InRange(read.Bytes[1000], 64, 70);                     // 0.299 · 200 + 0.587 · 10 + 0.114 · 10
    }

    [Fact]
    public void What_follows_the_picture_is_no_part_of_it()
    {
        var image = Drawn(new Frame(20, 30));
        File.WriteAllBytes(_path, [.. ImageFile.EncodePng(image), 255, 255, 255, 255, .. "IDAT"u8]);
        Assert.Equal(image.Bytes.ToArray(), ImageFile.ReadGray(_path).Bytes.ToArray());
    }

    public void Dispose() => File.Delete(_path);

    // Smooth, flat and noisy rows, so that an encoder uses every filter.
    private static Image Drawn(Frame frame)
    {
        var random = RandomStream.For(5, "png");
        var image = new Image(frame);
        for (var y = 0; y < frame.Height; y++)
        {
            for (var x = 0; x < frame.Width; x++)
            {
                image.Bytes[(y * frame.Width) + x] = (byte)(y % 5 == 0 ? random.NextInt(256) : y % 5 == 1 ? x * 3 : y % 5 == 2 ? 90 : ((x * y) / 7) + random.NextInt(3));
            }
        }

        return image;
    }
}
