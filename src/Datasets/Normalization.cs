using System.Numerics;
using Osteon.Abstractions;

namespace Osteon.Datasets;

/// <summary>Brings grey levels to the scale networks are fed with.</summary>
public static class Normalization
{
    private const double Flat = 1e-6;

    /// <summary>Writes (pixel − mean) / deviation over the image; a constant image becomes 0.</summary>
    /// <param name="image">8 or 16 bit.</param>
    /// <param name="destination">As many floats as pixels, row-major.</param>
    public static void ZScore(Image image, Span<float> destination)
    {
        var (scale, offset) = ZScoreLine(image);
        Line(image, scale, offset, destination);
    }

    /// <summary>Scale and offset of each image channel, by which pixel × scale + offset is what is fed; a single pair where all have the same.</summary>
    /// <param name="image">8 or 16 bit.</param>
    /// <param name="channels">That the network takes.</param>
    /// <param name="normalize">ZScore, MinMax, Percentile or Fixed; null is ZScore.</param>
    /// <exception cref="ArgumentException">It is another kind.</exception>
    public static (float Scale, float Offset)[] Lines(Image image, int channels, NormalizeOptions? normalize) => normalize switch
    {
        null or ZScoreOptions => [ZScoreLine(image)],
        MinMaxOptions => [Between(image, 0, 100)],
        PercentileOptions own => [Between(image, own.Lower, own.Upper)],
        FixedOptions { Mean.Count: 1 } own => [own.Line(0, channels, image.MaxValue)],
        FixedOptions own => [.. Enumerable.Range(0, channels).Select(c => own.Line(c, channels, image.MaxValue))],
        _ => throw new ArgumentException($"{normalize} does not say how.", nameof(normalize)),
    };

    /// <summary>Writes pixel × scale + offset.</summary>
    /// <param name="image">8 or 16 bit.</param>
    /// <param name="scale">Of a grey level.</param>
    /// <param name="offset">What black becomes.</param>
    /// <param name="destination">As many floats as pixels, row-major.</param>
    public static void Line(Image image, float scale, float offset, Span<float> destination)
    {
        if (image.BytesPerPixel == 1)
        {
            Line<byte>(image.Pixels<byte>(), scale, offset, destination);
        }
        else
        {
            Line<ushort>(image.Pixels<ushort>(), scale, offset, destination);
        }
    }

    private static void Line<T>(ReadOnlySpan<T> pixels, float scale, float offset, Span<float> destination) where T : unmanaged, INumber<T>
    {
        for (var i = 0; i < pixels.Length; i++)
        {
            destination[i] = (float.CreateTruncating(pixels[i]) * scale) + offset;
        }
    }

    /// <summary>The line on which two percentiles of the image become 0 and 1.</summary>
    private static (float Scale, float Offset) Between(Image image, double lower, double upper)
    {
        var histogram = new int[image.MaxValue + 1];
        if (image.BytesPerPixel == 1)
        {
            foreach (var level in image.Pixels<byte>())
            {
                histogram[level]++;
            }
        }
        else
        {
            foreach (var level in image.Pixels<ushort>())
            {
                histogram[level]++;
            }
        }

        var (low, high) = (Percentile(histogram, image.Frame.Area, lower), Percentile(histogram, image.Frame.Area, upper));
        var scale = high > low ? (float)(1 / (high - low)) : 0;
        return (scale, (float)-low * scale);
    }

    /// <summary>numpy's: linear between the two levels whose ranks surround the percentile's.</summary>
    private static double Percentile(ReadOnlySpan<int> histogram, int count, double percentile)
    {
        var rank = (count - 1) * (percentile / 100);
        var (below, share) = (At(histogram, (long)rank), rank - Math.Floor(rank));
        return share == 0 ? below : below + (share * (At(histogram, (long)rank + 1) - below));

        static int At(ReadOnlySpan<int> histogram, long rank)
        {
            var (level, passed) = (0, (long)histogram[0]);
            while (passed <= rank)
            {
                passed += histogram[++level];
            }

            return level;
        }
    }

    private static (float Scale, float Offset) ZScoreLine(Image image) =>
        image.BytesPerPixel == 1 ? ZScoreLine<byte>(image.Pixels<byte>()) : ZScoreLine<ushort>(image.Pixels<ushort>());

    private static (float Scale, float Offset) ZScoreLine<T>(ReadOnlySpan<T> pixels) where T : unmanaged, INumber<T>
    {
        // Whole-number sums: the same on every machine, whatever its vectors.
        ulong sum = 0, squares = 0;
        foreach (var pixel in pixels)
        {
            var value = ulong.CreateTruncating(pixel);
            sum += value;
            squares += value * value;
        }

        var mean = (double)sum / pixels.Length;
        var variance = Math.Max(0, ((double)squares / pixels.Length) - (mean * mean));
        var scale = variance < Flat ? 0 : (float)(1 / Math.Sqrt(variance));
        return (scale, (float)-mean * scale);
    }
}
