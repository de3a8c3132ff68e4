using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.NnUnet;

/// <summary>
/// nnU-Net changes images of mean 0 and deviation 1; here they are grey levels. A change is done to the levels such that normalising
/// afterwards gives the same, but for the rounding to whole levels and the clipping at their range.
/// </summary>
internal static class GreyPlane
{
    /// <summary>Mean, deviation, darkest and brightest level.</summary>
    public readonly record struct Stats(double Mean, double Deviation, float Low, float High);

    /// <summary>The levels as numbers.</summary>
    public static Span<float> Read(Image image, Workspace workspace, out Stats statistics)
    {
        var plane = workspace.Numbers<float>(image.Frame.Area);
        if (image.BytesPerPixel == 1)
        {
            var pixels = image.Bytes;
            for (var i = 0; i < plane.Length; i++)
            {
                plane[i] = pixels[i];
            }
        }
        else
        {
            var pixels = image.Pixels<ushort>();
            for (var i = 0; i < plane.Length; i++)
            {
                plane[i] = pixels[i];
            }
        }

        statistics = Statistics(plane);
        return plane;
    }

    public static Stats Statistics(ReadOnlySpan<float> plane)
    {
        double sum = 0, squares = 0;
        var (low, high) = (plane[0], plane[0]);
        foreach (var value in plane)
        {
            sum += value;
            squares += (double)value * value;
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        var mean = sum / plane.Length;
        return new Stats(mean, Math.Sqrt(Math.Max(0, (squares / plane.Length) - (mean * mean))), low, high);
    }

    /// <summary>Multiplies distances from a mean, and clips.</summary>
    public static void Spread(Span<float> plane, float mean, float factor, float low, float high)
    {
        foreach (ref var value in plane)
        {
            value = Math.Clamp(((value - mean) * factor) + mean, low, high);
        }
    }

    /// <summary>A number for each level that there can be.</summary>
    public static Span<float> Table(Image image, Workspace workspace) => workspace.Numbers<float>(image.MaxValue + 1);

    /// <summary>Writes the table's number of each pixel.</summary>
    public static void Map(Image image, Span<float> plane, ReadOnlySpan<float> table)
    {
        for (var i = 0; i < plane.Length; i++)
        {
            plane[i] = table[image.BytesPerPixel == 1 ? image.Bytes[i] : image.Pixels<ushort>()[i]];
        }
    }

    /// <summary>Rounds and clips to whole levels.</summary>
    public static void Write(ReadOnlySpan<float> plane, Image image)
    {
        var max = (float)image.MaxValue;
        if (image.BytesPerPixel == 1)
        {
            var pixels = image.Bytes;
            for (var i = 0; i < plane.Length; i++)
            {
                pixels[i] = (byte)Math.Clamp(MathF.Round(plane[i]), 0f, max);
            }
        }
        else
        {
            var pixels = image.Pixels<ushort>();
            for (var i = 0; i < plane.Length; i++)
            {
                pixels[i] = (ushort)Math.Clamp(MathF.Round(plane[i]), 0f, max);
            }
        }
    }
}
