using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Reporting.Tests;

public sealed class OverlayRendererTests
{
    [Fact]
    public void Each_kind_of_pixel_has_its_colour()
    {
        // Of a black row: nothing, found, missed, extra, another class. The truth's outlines fall on 0, 2 and 3.
        ulong[] truth = [0, 1, 1, 0, 1];
        ulong[] predicted = [0, 1, 0, 1, 2];
        var rgb = OverlayRenderer.Paint(new Frame(1, 5), new byte[5], truth, predicted);

        // Parts of 256 over black: v·64 for the tint, v·190 for errors.
        Assert.Equal([86 * 64 / 256, 180 * 64 / 256, 233 * 64 / 256], rgb[3..6]);
        Assert.Equal([204 * 190 / 256, 121 * 190 / 256, 167 * 190 / 256], rgb[12..15]);
        // Under an outline, v·190/256 and then (v·56 + 255·200)/256.
        Assert.Equal([((213 * 190 / 256 * 56) + (255 * 200)) / 256, ((94 * 190 / 256 * 56) + (255 * 200)) / 256, 255 * 200 / 256], rgb[6..9]);
        Assert.Equal([((240 * 190 / 256 * 56) + (255 * 200)) / 256, ((228 * 190 / 256 * 56) + (255 * 200)) / 256, ((66 * 190 / 256 * 56) + (255 * 200)) / 256], rgb[9..12]);
    }

    [Fact]
    public void A_kind_s_colour_is_the_legend_s() => Assert.All(ErrorCounts.Kinds, kind =>
        Assert.Contains(OverlayRenderer.Legend, entry => entry.Colour == OverlayRenderer.ColourOf(kind)
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
