using System.Numerics;
using Osteon.Abstractions;

namespace Osteon.Datasets;

/// <summary>What a grey level becomes: level × scale + offset, kept in [low, high].</summary>
/// <param name="Scale">Of a grey level.</param>
/// <param name="Offset">What black becomes.</param>
/// <param name="Low">The least that is fed.</param>
/// <param name="High">The most.</param>
public readonly record struct GreyLine(float Scale, float Offset, float Low = float.NegativeInfinity, float High = float.PositiveInfinity)
{
    /// <summary>True where no level is clipped.</summary>
    public bool IsStraight => float.IsNegativeInfinity(Low) && float.IsPositiveInfinity(High);

    /// <summary>The line on which grey levels beyond an interval are taken for its ends.</summary>
    public GreyLine Between(double low, double high) => this with { Low = ((float)low * Scale) + Offset, High = ((float)high * Scale) + Offset };
}

/// <summary>Brings grey levels to the scale networks are fed with.</summary>
public static class Normalization
{
    private const double Flat = 1e-6;

    /// <summary>Writes (pixel − mean) / deviation over the image; a constant image becomes 0.</summary>
    /// <param name="image">8 or 16 bit.</param>
    /// <param name="destination">As many floats as pixels, row-major.</param>
    public static void ZScore(Image image, Span<float> destination)
    {
        Line(image, ZScoreLine(image, 0, null), destination);
    }

    /// <summary>What the grey levels become in each image channel; a single line where all have the same.</summary>
    /// <param name="image">8 or 16 bit.</param>
    /// <param name="channels">That the network takes.</param>
    /// <param name="normalize">ZScore, MinMax, Percentile or Fixed; null is ZScore.</param>
    /// <exception cref="ArgumentException">It is another kind.</exception>
    public static GreyLine[] Lines(Image image, int channels, NormalizeOptions? normalize) => normalize switch
    {
        null => [ZScoreLine(image, 0, null)],
        ZScoreOptions own => [ZScoreLine(image, own.Epsilon ?? 0, own.Clip)],
        MinMaxOptions own => [Between(image, 0, 100, own.Epsilon ?? 0, clip: false)],
        PercentileOptions own => [Between(image, own.Lower, own.Upper, 0, own.Clip ?? false)],
        FixedOptions { Mean.Count: 1 } own => [FixedLine(own, 0, channels, image)],
        FixedOptions own => [.. Enumerable.Range(0, channels).Select(c => FixedLine(own, c, channels, image))],
        _ => throw new ArgumentException($"{normalize} does not say how.", nameof(normalize)),
    };

    private static GreyLine FixedLine(FixedOptions own, int channel, int channels, Image image)
    {
        var (scale, offset) = own.Line(channel, channels, image.MaxValue);
        var line = new GreyLine(scale, offset);
        return own.Clip is { } clip ? line.Between(clip.Low, clip.High) : line;
    }

    /// <summary>Writes what the pixels become.</summary>
    /// <param name="image">8 or 16 bit.</param>
    /// <param name="line">What a level becomes.</param>
    /// <param name="destination">As many floats as pixels, row-major.</param>
    public static void Line(Image image, GreyLine line, Span<float> destination)
    {
        if (image.BytesPerPixel == 1)
        {
            Line<byte>(image.Pixels<byte>(), line, destination);
        }
        else
        {
            Line<ushort>(image.Pixels<ushort>(), line, destination);
        }
    }

    private static void Line<T>(ReadOnlySpan<T> pixels, GreyLine line, Span<float> destination) where T : unmanaged, INumber<T>
    {
        for (var i = 0; i < pixels.Length; i++)
        {
            destination[i] = (float.CreateTruncating(pixels[i]) * line.Scale) + line.Offset;
        }

        if (!line.IsStraight)
        {
            foreach (ref var value in destination[..pixels.Length])
            {
                value = Math.Clamp(value, line.Low, line.High);
            }
        }
    }

    /// <summary>The line on which two percentiles of the image become 0 and 1.</summary>
    private static GreyLine Between(Image image, double lower, double upper, double epsilon, bool clip)
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
        var scale = high > low ? (float)(1 / (high - low + epsilon)) : 0;
        var line = new GreyLine(scale, (float)-low * scale);
        return clip ? line.Between(low, high) : line;
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

    private static GreyLine ZScoreLine(Image image, double epsilon, double? clip)
    {
        var line = image.BytesPerPixel == 1 ? ZScoreLine<byte>(image.Pixels<byte>(), epsilon) : ZScoreLine<ushort>(image.Pixels<ushort>(), epsilon);
        return clip is { } limit ? line with { Low = (float)-limit, High = (float)limit } : line;
    }

    private static GreyLine ZScoreLine<T>(ReadOnlySpan<T> pixels, double epsilon) where T : unmanaged, INumber<T>
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
        var scale = variance < Flat ? 0 : (float)(1 / (Math.Sqrt(variance) + epsilon));
        return new(scale, (float)-mean * scale);
    }
}
