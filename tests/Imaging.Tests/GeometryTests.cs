using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging.Tests;

/// <summary>Every number here was made by cv2 in Python: Golden/make_imaging.py.</summary>
public sealed class GeometryTests
{
    public static TheoryData<int, int> Sizes => new() { { 41, 63 }, { 200, 150 }, { 97, 260 }, { 48, 65 }, { 1, 1 } };

    public static IEnumerable<TheoryDataRow<string, BorderMode>> Warps =>
        from matrix in new[] { "turn", "shift", "shear" } from border in Enum.GetValues<BorderMode>() select new TheoryDataRow<string, BorderMode>(matrix, border);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Resizes_images_as_cv2_does(int height, int width)
    {
        foreach (var bits in new[] { 8, 16 })
        {
            var (image, frame) = (Formula.Image(bits), new Frame(height, width));
            foreach (var (name, resized) in new[] { ("Area", Resize.Area(image, frame)), ("Linear", Resize.Linear(image, frame)), ("Nearest", Resize.Nearest(image, frame)) })
            {
                var expected = (string)Formula.Entry("resize", ("h", height), ("w", width), ("bits", bits), ("by", name))["sha256"]!;
                Assert.True(expected == Formula.Digest(resized.Bytes), $"{name}, {bits} bit");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Resizes_words_of_any_width_by_the_nearest_rule(int height, int width)
    {
        foreach (var wordBytes in new[] { 1, 2, 4, 8 })
        {
            var resized = Resize.Nearest(Formula.Words(wordBytes), new Frame(height, width));
            var expected = (string)Formula.Entry("words", ("h", height), ("w", width), ("bytes", wordBytes))["sha256"]!;
            Assert.True(expected == Formula.Digest(resized.Bytes), $"{wordBytes} bytes");
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Resizes_each_float_plane_bilinearly(int height, int width)
    {
        var (plane, area) = (Formula.Plane(), height * width);
        var planes = new float[2 * plane.Length];
        plane.CopyTo(planes, 0);
        plane.Select(v => -v).ToArray().CopyTo(planes, plane.Length);
        var result = new float[2 * area];

        Resize.LinearPlanes(planes, 2, Formula.Frame, new Frame(height, width), result);

        var expected = Formula.Entry("planes", ("h", height), ("w", width));
        Assert.Equal((double)expected["mean"]!, result.Take(area).Average(v => (double)v), 6);
        Assert.Equal((float)expected["first"]!, result[0], 1e-6f);
        Assert.Equal((float)expected["middle"]!, result[((height / 2) * width) + (width / 2)], 1e-6f);
        Assert.Equal((float)expected["last"]!, result[area - 1], 1e-6f);
        Assert.Equal(result.Take(area).Select(v => -v), result.Skip(area));
    }

    [Theory]
    [MemberData(nameof(Warps))]
    public void Warps_images_as_cv2_does(string matrix, BorderMode border)
    {
        foreach (var bits in new[] { 8, 16 })
        {
            foreach (var by in new[] { Interpolation.Nearest, Interpolation.Linear, Interpolation.Cubic })
            {
                var warped = Warp.Affine(Formula.Image(bits), Matrix(matrix), by, border, 77);
                var expected = (string)Formula.Entry("warp", ("matrix", matrix), ("border", border), ("bits", bits), ("by", by))["sha256"]!;
                Assert.True(expected == Formula.Digest(warped.Bytes), $"{by}, {bits} bit");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Warps))]
    public void Warps_words_of_any_width_to_where_the_pixels_went(string matrix, BorderMode border)
    {
        foreach (var wordBytes in new[] { 1, 2, 4, 8 })
        {
            var warped = Warp.Affine(Formula.Words(wordBytes), Matrix(matrix), border);
            var expected = (string)Formula.Entry("warp_words", ("matrix", matrix), ("border", border), ("bytes", wordBytes))["sha256"]!;
            Assert.True(expected == Formula.Digest(warped.Bytes), $"{wordBytes} bytes");
        }
    }

    [Fact]
    public void A_mask_warped_as_image_and_as_label_ends_on_the_same_pixels()
    {
        var labels = new LabelMap(Formula.Frame, 29);
        var image = new Image(Formula.Frame);
        for (var i = 0; i < image.Bytes.Length; i++)
        {
            image.Bytes[i] = (byte)(Formula.Words(1).Bytes[i] > 99 ? 1 : 0);
            labels.Words<uint>()[i] = (uint)image.Bytes[i] << 28;
        }

        var pixels = Warp.Affine(image, Matrix("turn"), Interpolation.Nearest, BorderMode.Constant);
        var words = Warp.Affine(labels, Matrix("turn"), BorderMode.Constant);

        Assert.Equal(pixels.Bytes.ToArray().Select(v => (uint)v << 28), words.Words<uint>().ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Flips_whole_words(int wordBytes)
    {
        var labels = Formula.Words(wordBytes);
        var (horizontal, vertical) = (Warp.FlipHorizontal(labels), Warp.FlipVertical(labels));
        var (h, w) = (Formula.Frame.Height, Formula.Frame.Width);
        for (var i = 0; i < h * w; i++)
        {
            var word = Word(labels, i).ToArray();
            Assert.Equal(word, Word(horizontal, ((i / w) * w) + w - 1 - (i % w)).ToArray());
            Assert.Equal(word, Word(vertical, ((h - 1 - (i / w)) * w) + (i % w)).ToArray());
        }
    }

    [Fact]
    public void Maps_intensities_through_a_table()
    {
        var image = Formula.Image(8);
        byte[] negative = [.. Enumerable.Range(0, 256).Select(v => (byte)(255 - v))];
        Assert.Equal(image.Bytes.ToArray().Select(v => (byte)(255 - v)), Lut.Apply(image, negative).Bytes.ToArray());
    }

    [Fact]
    public void A_call_that_OpenCV_refuses_says_why()
    {
        var image = new Image(new Frame(1, 40000));
        var refused = Assert.Throws<ImagingException>(() => Warp.Affine(image, [1, 0, 0, 0, 1, 0], Interpolation.Linear, BorderMode.Constant));
        Assert.Contains("SHRT_MAX", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_threads_call_at_once_and_each_gets_its_own_message()
    {
        var (image, expected) = (Formula.Image(8), Formula.Digest(Warp.Affine(Formula.Image(8), Matrix("turn"), Interpolation.Linear, BorderMode.Wrap).Bytes));
        Parallel.For(0, 200, i =>
        {
            if (i % 2 == 0)
            {
                Assert.Equal(expected, Formula.Digest(Warp.Affine(image, Matrix("turn"), Interpolation.Linear, BorderMode.Wrap).Bytes));
            }
            else
            {
                var refused = Assert.Throws<ImagingException>(() => Resize.Nearest(image, new Frame(0, i)));
                Assert.Contains("height > 0", refused.Message, StringComparison.Ordinal);
            }
        });
    }

    private static double[] Matrix(string name) => [.. Formula.Golden["matrices"]![name]!.AsArray().Select(v => (double)v!)];

    private static Span<byte> Word(LabelMap labels, int index) => labels.Bytes.Slice(index * labels.WordBytes, labels.WordBytes);
}
