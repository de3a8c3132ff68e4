using Osteon.Abstractions;

namespace Osteon.Datasets;

/// <summary>Brings grey levels to the scale networks are fed with: mean 0 and deviation 1 over each image.</summary>
public static class Normalization
{
    private const double Flat = 1e-6;

    /// <summary>Writes (pixel − mean) / deviation; a constant image becomes 0.</summary>
    /// <param name="image">8 or 16 bit.</param>
    /// <param name="destination">As many floats as pixels, row-major.</param>
    public static void ZScore(Image image, Span<float> destination)
    {
        if (image.BytesPerPixel == 1)
        {
            ZScore<byte>(image.Pixels<byte>(), destination);
        }
        else
        {
            ZScore<ushort>(image.Pixels<ushort>(), destination);
        }
    }

    private static void ZScore<T>(ReadOnlySpan<T> pixels, Span<float> destination) where T : unmanaged, System.Numerics.INumber<T>
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
        var offset = (float)-mean * scale;
        for (var i = 0; i < pixels.Length; i++)
        {
            destination[i] = (float.CreateTruncating(pixels[i]) * scale) + offset;
        }
    }
}
