using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Imaging;

namespace Osteon.Plugins.Augmentations.Intensity;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record UnsharpMaskOptions : AugmentationOptions
{
    /// <summary>Interval of the bell's side in pixels; even numbers become the next odd one; x alone means [3, x].</summary>
    [Within(3, 255, AloneFrom = 3)]
    public WholeInterval BlurLimit { get; init; } = new(3, 7);

    /// <summary>Interval of the bell's sigma in pixels; 0 derives it from the side; x alone means [0, x].</summary>
    [Within(0, 1000, AloneFrom = 0)]
    public Interval SigmaLimit { get; init; } = new(0, 0);

    /// <summary>Interval of the share of the difference that is added; x alone means [0, x].</summary>
    [Within(0, 1, AloneFrom = 0)]
    public Interval Alpha { get; init; } = new(0.2, 0.5);

    /// <summary>Differences of at most this many of 255 levels are left alone.</summary>
    [Range(0, 255)]
    public int Threshold { get; init; } = 10;
}

/// <summary>What was drawn.</summary>
/// <param name="Size">Side of the bell, odd.</param>
/// <param name="Sigma">In pixels, or 0.</param>
/// <param name="Alpha">The share of the difference that is added.</param>
public readonly record struct Unsharpening(int Size, double Sigma, double Alpha);

/// <summary>Adds what a blur takes away, where it is more than noise.</summary>
/// <remarks>Albumentations' operations, bit for bit; 16-bit images by the same formula.</remarks>
[Augmentation("UnsharpMask")]
public sealed class UnsharpMask(UnsharpMaskOptions options) : IntensityAugmentation<Unsharpening>(options.Checked().P)
{
    /// <inheritdoc/>
    protected override Unsharpening DrawParameters(ref RandomStream random, in DrawContext context) =>
        new(Odd.Draw(ref random, options.BlurLimit), options.SigmaLimit.Draw(ref random), options.Alpha.Draw(ref random));

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, Unsharpening draw, Workspace workspace)
    {
        var (height, width) = from.Frame;
        var count = from.Frame.Area;
        var image = workspace.Numbers<float>(count);
        var other = workspace.Numbers<float>(count);
        var mask = workspace.Numbers<float>(count);
        var (max, alpha, threshold) = ((float)from.MaxValue, (float)draw.Alpha, (float)options.Threshold);
        FloatPlane.Read(from, image, max);
        Filter.GaussianBlur(image, height, width, draw.Size, draw.Sigma, other, BorderMode.Reflect101);
        for (var i = 0; i < count; i++)
        {
            var residual = image[i] - other[i];
            mask[i] = MathF.Abs(residual) * 255f > threshold ? 1f : 0f;
        }

        var soft = workspace.Numbers<float>(count);
        Filter.GaussianBlur(mask, height, width, draw.Size, draw.Sigma, soft, BorderMode.Reflect101);
        for (var i = 0; i < count; i++)
        {
            var sharp = Math.Clamp(image[i] + (alpha * (image[i] - other[i])), 0f, 1f);
            other[i] = (sharp * soft[i]) + (image[i] * (1f - soft[i]));
        }

        FloatPlane.Write(other, to, max);
    }
}

/// <summary>Images as fractions of their full range, single precision, as Albumentations computes in.</summary>
internal static class FloatPlane
{
    public static void Read(Image image, Span<float> plane, float max)
    {
        if (image.BytesPerPixel == 1)
        {
            var pixels = image.Bytes;
            for (var i = 0; i < plane.Length; i++)
            {
                plane[i] = pixels[i] / max;
            }
        }
        else
        {
            var pixels = image.Pixels<ushort>();
            for (var i = 0; i < plane.Length; i++)
            {
                plane[i] = pixels[i] / max;
            }
        }
    }

    public static void Write(ReadOnlySpan<float> plane, Image image, float max)
    {
        if (image.BytesPerPixel == 1)
        {
            var pixels = image.Bytes;
            for (var i = 0; i < plane.Length; i++)
            {
                pixels[i] = (byte)Math.Clamp(MathF.Round(Math.Clamp(plane[i], 0f, 1f) * max), 0f, max);
            }
        }
        else
        {
            var pixels = image.Pixels<ushort>();
            for (var i = 0; i < plane.Length; i++)
            {
                pixels[i] = (ushort)Math.Clamp(MathF.Round(Math.Clamp(plane[i], 0f, 1f) * max), 0f, max);
            }
        }
    }
}
