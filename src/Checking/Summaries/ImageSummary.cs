using System.Security.Cryptography;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Checking;

/// <summary>One image in numbers. Brightness is in [0, 1] of what its bits can hold.</summary>
/// <param name="Mean">Mean brightness.</param>
/// <param name="Deviation">Standard deviation over the pixels: the contrast.</param>
/// <param name="Least">The darkest pixel.</param>
/// <param name="Greatest">The brightest.</param>
/// <param name="Digest">SHA-256 of the stored pixels, in hex.</param>
/// <param name="Hash">For near-duplicates.</param>
/// <param name="Thumbnail"><see cref="ThumbnailSide"/>² cells, row-major, brought to mean 0 and deviation 1; all 0 for a constant image.</param>
public sealed record ImageSummary(double Mean, double Deviation, double Least, double Greatest, string Digest, PerceptualHash Hash, float[] Thumbnail)
{
    /// <summary>Cells of a thumbnail's side; the aspect is not kept.</summary>
    public const int ThumbnailSide = 32;

    /// <summary>Measures an image.</summary>
    public static ImageSummary Of(Image image)
    {
        var (mean, deviation, least, greatest) = image.BytesPerPixel == 1 ? Moments<byte>(image.Pixels<byte>()) : Moments<ushort>(image.Pixels<ushort>());
        double top = image.MaxValue;
        return new ImageSummary(
            mean / top, deviation / top, least / top, greatest / top,
            Convert.ToHexStringLower(SHA256.HashData(image.Bytes)), PerceptualHash.Of(image), Small(image));
    }

    /// <summary>Pearson's correlation of two thumbnails, −1 to 1; 0 with a constant image.</summary>
    public static double Correlation(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum / a.Length;
    }

    /// <summary>Brings values to mean 0 and deviation 1, in place; constant ones to 0.</summary>
    internal static float[] Standardize(float[] values)
    {
        var mean = values.Average(v => (double)v);
        var deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = deviation < 1e-9 ? 0 : (float)((values[i] - mean) / deviation);
        }

        return values;
    }

    private static float[] Small(Image image)
    {
        var small = Resize.Area(image, new Frame(ThumbnailSide, ThumbnailSide));
        var values = new float[ThumbnailSide * ThumbnailSide];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = image.BytesPerPixel == 1 ? small.Pixels<byte>()[i] : small.Pixels<ushort>()[i];
        }

        return Standardize(values);
    }

    private static (double Mean, double Deviation, double Least, double Greatest) Moments<T>(ReadOnlySpan<T> pixels) where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        // Whole-number sums: the same on every machine.
        ulong sum = 0, squares = 0;
        ulong least = ulong.MaxValue, greatest = 0;
        foreach (var pixel in pixels)
        {
            var value = ulong.CreateTruncating(pixel);
            sum += value;
            squares += value * value;
            least = Math.Min(least, value);
            greatest = Math.Max(greatest, value);
        }

        var mean = (double)sum / pixels.Length;
        return (mean, Math.Sqrt(Math.Max(0, ((double)squares / pixels.Length) - (mean * mean))), least, greatest);
    }
}
