using System.IO.Compression;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Datasets.Tests;

/// <summary>decode ∘ encode = id, and nothing that comes from a file makes a decoder leave its spans.</summary>
public sealed class CodecTests
{
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 3, 15, 1 }, { 5, 16, 1 }, { 7, 17, 1 }, { 40, 100, 1 }, { 1, 1, 2 }, { 3, 16, 2 }, { 9, 33, 2 }, { 40, 100, 2 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Pixels_come_back(int height, int width, int bytesPerPixel)
    {
        for (var noise = 1; noise <= 256; noise *= 4)
        {
            var pixels = Pixels(height, width, bytesPerPixel, noise);
            if (PixelCodec.Encode(pixels, width, bytesPerPixel) is { } coded)
            {
                Assert.True(coded.Length < pixels.Length);
                var back = new byte[pixels.Length];
                Assert.True(PixelCodec.Decode(coded, back, width, bytesPerPixel));
                Assert.Equal(pixels, back);
            }
            else
            {
                Assert.True(noise >= 64 || pixels.Length < 600, $"{height}×{width}×{bytesPerPixel} of noise {noise} was not made shorter");
            }
        }
    }

    [Fact]
    public void The_extremes_of_a_difference_come_back()
    {
        // Rows of 0 and 255 (differences of -1 and 1 modulo 256), 0 and 128 (the fold's ends), then still ones so that coding pays.
        byte[] ends = [0, 255, 0, 128, 0, 127, 255, 1];
        var pixels = new byte[64 * 32];
        for (var y = 0; y < 64; y++)
        {
            pixels.AsSpan(y * 32, 32).Fill(y < ends.Length ? ends[y] : (byte)9);
        }

        var back = new byte[pixels.Length];
        Assert.True(PixelCodec.Decode(PixelCodec.Encode(pixels, 32, 1)!, back, 32, 1));
        Assert.Equal(pixels, back);
    }

    [Fact]
    public void A_still_image_takes_a_width_of_four_bits_a_block()
    {
        // 64 rows of 4 blocks: 128 bytes of widths; only the first row, 7 above nothing, folds to 14 and takes four planes a block.
        var pixels = new byte[64 * 64];
        Array.Fill(pixels, (byte)7);
        Assert.Equal(128 + (4 * 4 * 2), PixelCodec.Encode(pixels, 64, 1)!.Length);
    }

    [Fact]
    public void A_smooth_radiograph_is_no_longer_than_deflate_makes_it()
    {
        var pixels = Pixels(512, 512, 1, 8);
        using var deflated = new MemoryStream();
        using (var stream = new ZLibStream(deflated, CompressionLevel.Optimal, leaveOpen: true))
        {
            stream.Write(pixels);
        }

        Assert.InRange(PixelCodec.Encode(pixels, 512, 1)!.Length, 1, deflated.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(29)]
    [InlineData(64)]
    public void Words_come_back(int classes)
    {
        var frame = new Frame(40, 60);
        var masks = Enumerable.Range(0, classes).Select(k => new Mask(frame, [new Run(k * 31, 20 + k), new Run(2200, 1 + k)])).ToArray();
        var labels = LabelMap.FromMasks(masks);
        var coded = WordCodec.Encode(labels)!;
        Assert.True(coded.Length < labels.Bytes.Length / 2);

        var back = LabelMap.FromMasks([.. masks.Select(_ => Mask.Full(frame))]);
        Assert.True(WordCodec.Decode(coded, back));
        Assert.Equal(labels.Bytes.ToArray(), back.Bytes.ToArray());
    }

    [Fact]
    public void Words_without_runs_stay_as_they_are()
    {
        var labels = new LabelMap(new Frame(30, 30), 8);
        for (var i = 0; i < labels.Bytes.Length; i++)
        {
            labels.Bytes[i] = (byte)i;
        }

        Assert.Null(WordCodec.Encode(labels));
    }

    [Fact]
    public void Damaged_bytes_are_refused_or_decoded_within_their_spans()
    {
        var pixels = Pixels(20, 40, 2, 4);
        var coded = PixelCodec.Encode(pixels, 40, 2)!;
        var labels = LabelMap.FromMasks([new Mask(new Frame(20, 40), [new Run(5, 70), new Run(300, 9)]), Mask.Empty(new Frame(20, 40))]);
        var words = WordCodec.Encode(labels)!;
        var (pixelTarget, wordTarget) = (new byte[pixels.Length], new LabelMap(labels.Frame, 2));
        var random = RandomStream.For(3, "codec");
        for (var i = 0; i < 4000; i++)
        {
            PixelCodec.Decode(Hurt(coded, ref random), pixelTarget, 40, 2);
            WordCodec.Decode(Hurt(words, ref random), wordTarget);
        }

        for (var length = 0; length < coded.Length; length++)
        {
            Assert.False(PixelCodec.Decode(coded.AsSpan(0, length), pixelTarget, 40, 2));
        }

        for (var length = 0; length < words.Length; length++)
        {
            Assert.False(WordCodec.Decode(words.AsSpan(0, length), wordTarget));
        }

        Assert.False(PixelCodec.Decode([.. coded, 0], pixelTarget, 40, 2));
        Assert.False(WordCodec.Decode([.. words, 0], wordTarget));
    }

    private static byte[] Hurt(byte[] whole, ref RandomStream random)
    {
        var hurt = whole[..(1 + random.NextInt(whole.Length))];
        for (var k = random.NextInt(4); k >= 0; k--)
        {
            hurt[random.NextInt(hurt.Length)] = (byte)random.NextInt(256);
        }

        return hurt;
    }

    private static byte[] Pixels(int height, int width, int bytesPerPixel, int noise)
    {
        var random = RandomStream.For(11, "pixels", noise);
        var image = new Image(new Frame(height, width), bytesPerPixel);
        for (var i = 0; i < height * width; i++)
        {
            var (y, x) = Math.DivRem(i, width);
            var value = (x / 3) + (y / 5) + random.NextInt(noise);
            if (bytesPerPixel == 1)
            {
                image.Pixels<byte>()[i] = (byte)value;
            }
            else
            {
                image.Pixels<ushort>()[i] = (ushort)((value * 37) + 60000);
            }
        }

        return image.Bytes.ToArray();
    }
}
