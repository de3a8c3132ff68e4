using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Imaging;

namespace Osteon.Plugins.Augmentations.Intensity;

/// <summary>How an image is sharpened.</summary>
public enum SharpenMethod
{
    /// <summary>A 3×3 kernel.</summary>
    Kernel,

    /// <summary>The difference from the image blurred by a bell.</summary>
    Gaussian,
}

/// <summary>Albumentations' options and defaults.</summary>
public sealed record SharpenOptions : AugmentationOptions
{
    /// <summary>Interval of the sharpened image's share.</summary>
    [Within(0, 1)]
    public Interval Alpha { get; init; } = new(0.2, 0.5);

    /// <summary>Interval of the kernel's weight at its centre, beyond 8; for method kernel.</summary>
    [Within(0, 1000)]
    public Interval Lightness { get; init; } = new(0.5, 1);

    /// <summary>kernel or gaussian.</summary>
    public SharpenMethod Method { get; init; } = SharpenMethod.Kernel;

    /// <summary>Side of the bell, in pixels; even numbers become the next odd one; for method gaussian.</summary>
    [Range(3, 255)]
    public int KernelSize { get; init; } = 5;

    /// <summary>Of the bell, in pixels; for method gaussian.</summary>
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Sigma { get; init; } = 1;
}

/// <summary>What was drawn.</summary>
/// <param name="Alpha">The sharpened image's share.</param>
/// <param name="Lightness">The kernel's weight at its centre, beyond 8; 0 for method gaussian.</param>
public readonly record struct Sharpening(double Alpha, double Lightness);

/// <summary>Lifts edges.</summary>
/// <remarks>
/// cv2.filter2D with Albumentations' kernel, bit for bit. Its method gaussian subtracts 8-bit images, which wraps below 0; here the
/// difference keeps its sign.
/// </remarks>
[Augmentation("Sharpen")]
public sealed class Sharpen(SharpenOptions options) : IntensityAugmentation<Sharpening>(options.Checked().P)
{
    /// <inheritdoc/>
    protected override Sharpening DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var alpha = options.Alpha.Draw(ref random);
        return new Sharpening(alpha, options.Method == SharpenMethod.Kernel ? options.Lightness.Draw(ref random) : 0);
    }

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, Sharpening draw, Workspace workspace)
    {
        if (options.Method == SharpenMethod.Kernel)
        {
            var (around, centre) = ((float)draw.Alpha * -1f, ((float)(1 - draw.Alpha)) + ((float)draw.Alpha * (float)(8 + draw.Lightness)));
            Filter.Convolve(from, to, [around, around, around, around, centre, around, around, around, around], 3);
            return;
        }

        var blurred = workspace.Image(from.Frame, from.BytesPerPixel);
        Filter.GaussianBlur(from, blurred, options.KernelSize | 1, options.Sigma);
        if (from.BytesPerPixel == 1)
        {
            Lift<byte>(from.Bytes, blurred.Bytes, to.Bytes, draw.Alpha);
        }
        else
        {
            Lift<ushort>(from.Pixels<ushort>(), blurred.Pixels<ushort>(), to.Pixels<ushort>(), draw.Alpha);
        }
    }

    private static void Lift<T>(ReadOnlySpan<T> from, ReadOnlySpan<T> blurred, Span<T> to, double alpha) where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        for (var i = 0; i < from.Length; i++)
        {
            var (sharp, soft) = (int.CreateTruncating(from[i]), int.CreateTruncating(blurred[i]));
            to[i] = T.CreateSaturating(sharp + (alpha * (sharp - soft)));
        }
    }
}
