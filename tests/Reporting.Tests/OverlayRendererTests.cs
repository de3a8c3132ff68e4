using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Reporting.Tests;

public sealed class OverlayRendererTests
{
    [Fact]
    public void Each_kind_of_pixel_has_its_colour()
    {
        // Of a black row: nothing, found, missed far from a border, extra there, another class, and that at a border. The truth's outlines fall on 0, 2 and 3.
        ulong[] truth = [0, 1, 1, 0, 1, 1];
        ulong[] wrong = [0, 0, Bit(ErrorKind.UnderSegmentation, 2), Bit(ErrorKind.OverSegmentation, 2), Bit(ErrorKind.WrongLabel, 2), Bit(ErrorKind.WrongLabel, 0)];
        var rgb = OverlayRenderer.Paint(new Frame(1, 6), new byte[6], truth, wrong);

        // Parts of 256 over black: v·64 for the tint, v·210 for errors, of which at a border 45 % are left.
        Assert.Equal([86 * 64 / 256, 180 * 64 / 256, 233 * 64 / 256], rgb[3..6]);
        Assert.Equal([204 * 210 / 256, 121 * 210 / 256, 167 * 210 / 256], rgb[12..15]);
        Assert.Equal([92 * 210 / 256, 54 * 210 / 256, 75 * 210 / 256], rgb[15..18]);
        // Under an outline, v·210/256 and then (v·56 + 255·200)/256.
        Assert.Equal([((213 * 210 / 256 * 56) + (255 * 200)) / 256, ((94 * 210 / 256 * 56) + (255 * 200)) / 256, 255 * 200 / 256], rgb[6..9]);
        Assert.Equal([((240 * 210 / 256 * 56) + (255 * 200)) / 256, ((228 * 210 / 256 * 56) + (255 * 200)) / 256, ((66 * 210 / 256 * 56) + (255 * 200)) / 256], rgb[9..12]);

        static ulong Bit(ErrorKind kind, int band) => 1UL << OverlayRenderer.BitOf(kind, band);
    }

    // A missed square of 13: its rim of two pixels is a border, three more lie between, and 3 × 3 pixels are its interior.
    [Fact]
    public void An_error_is_the_brighter_the_farther_it_is_from_a_border()
    {
        var frame = new Frame(17, 17);
        var square = new Mask(frame, [.. Enumerable.Range(2, 13).Select(y => new Run((y * 17) + 2, 13))]);
        var png = OverlayRenderer.Render(new Image(frame), [square], [Mask.Empty(frame)], null, 17);
        var path = Path.Combine(Directory.CreateTempSubdirectory("osteon-overlay-").FullName, "a.png");
        File.WriteAllBytes(path, png);
        var grey = ImageFile.ReadGray(path).Bytes.ToArray();
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        byte At(int x) => grey[(8 * 17) + x];
        Assert.Equal([At(3), At(3), At(5), At(5), At(5), At(8), At(8), At(8), At(5), At(5), At(5), At(3)], Enumerable.Range(2, 12).Select(At));
        Assert.True(At(3) < At(5) && At(5) < At(8));
    }

    [Fact]
    public void A_kind_s_colours_are_the_legend_s() => Assert.All(ErrorCounts.Kinds, kind =>
        Assert.Contains(OverlayRenderer.Legend, entry => entry.Colours.SequenceEqual(OverlayRenderer.ColoursOf(kind))
            && entry.Name.StartsWith(kind switch { ErrorKind.WrongLabel => "wrong", ErrorKind.UnderSegmentation => "under", _ => "over" }, StringComparison.Ordinal)));

    [Theory]
    [InlineData(7, 11, 7, 11)]
    [InlineData(7, 11, 3, 5)]
    [InlineData(16, 8, 4, 2)]
    public void Runs_are_sampled_at_the_centres_of_the_smaller_grid(int height, int width, int toHeight, int toWidth)
    {
        var (from, to) = (new Frame(height, width), new Frame(toHeight, toWidth));
        var mask = new Mask(from, [new Run(2, 3), new Run(9, (width * 2) + 1), new Run((height * width) - 4, 4)]);
        var words = new ulong[to.Area];
        new MaskSampling(from, to).Set(mask, 4, words);

        var expected = Enumerable.Range(0, to.Area).Select(i =>
        {
            var row = ((2 * (i / toWidth)) + 1) * height / (2 * toHeight);
            var column = ((2 * (i % toWidth)) + 1) * width / (2 * toWidth);
            var index = (row * width) + column;
            return mask.Runs.ToArray().Any(r => r.Start <= index && index < r.End) ? 4UL : 0;
        });
        Assert.Equal(expected, words);
    }

    [Theory]
    [InlineData(2048, 1024, 512, 512, 256)]
    [InlineData(30, 40, 512, 30, 40)]
    [InlineData(1, 10000, 100, 1, 100)]
    public void Pictures_fit_the_longer_side_and_never_grow(int height, int width, int side, int toHeight, int toWidth) =>
        Assert.Equal(new Frame(toHeight, toWidth), OverlayRenderer.Fit(new Frame(height, width), side));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Renders_a_png_of_the_asked_size(int bytesPerPixel)
    {
        var frame = new Frame(20, 40);
        var mask = new Mask(frame, [new Run(100, 20)]);
        var png = OverlayRenderer.Render(new Image(frame, bytesPerPixel), [mask], [Mask.Empty(frame)], null, 20);

        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
        Assert.Equal((20, 10), (System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))));
    }

    [Fact]
    public void Masks_of_another_frame_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => OverlayRenderer.Render(
            new Image(new Frame(4, 4)), [Mask.Empty(new Frame(4, 5))], [Mask.Empty(new Frame(4, 4))], null, 100));
        Assert.Contains("4×5", error.Message, StringComparison.Ordinal);
    }
}
