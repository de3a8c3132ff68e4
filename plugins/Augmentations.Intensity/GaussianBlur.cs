using Osteon.Abstractions;
using Osteon.Imaging;

namespace Osteon.Plugins.Augmentations.Intensity;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record GaussianBlurOptions : CompatibleOptions
{
    /// <summary>Interval of the kernel's side; 0 derives it from sigma, even numbers become the next odd one; x alone means [0, x]. [0, 0]; in 1.x [3, 7].</summary>
    [Within(0, 255, AloneFrom = 0)]
    public WholeInterval? BlurLimit { get; init; }

    /// <summary>Interval of sigma in pixels; 0 with a side derives it from the side; x alone means [0, x]. [0.5, 3]; in 1.x [0, 0].</summary>
    [Within(0, 1000, AloneFrom = 0)]
    public Interval? SigmaLimit { get; init; }
}

/// <summary>What was drawn.</summary>
/// <param name="Size">Side of the kernel, odd, or 0.</param>
/// <param name="Sigma">In pixels, or 0.</param>
public readonly record struct GaussianKernel(int Size, double Sigma);

/// <summary>Each pixel becomes the mean around it, weighted by a bell.</summary>
/// <remarks>cv2.sepFilter2D with Albumentations 2's kernel, or version 1's cv2.GaussianBlur, bit for bit.</remarks>
[Augmentation("GaussianBlur")]
public sealed class GaussianBlur(GaussianBlurOptions options) : IntensityAugmentation<GaussianKernel>(options.Checked().P)
{
    private readonly bool _old = options.Old;
    private readonly WholeInterval _size = options.BlurLimit ?? (options.Old ? new(3, 7) : new(0, 0));
    private readonly Interval _sigma = options.SigmaLimit ?? (options.Old ? new(0, 0) : new(0.5, 3));

    /// <inheritdoc/>
    protected override GaussianKernel DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var sigma = _sigma.Draw(ref random);
        var size = _size.Draw(ref random);
        return new GaussianKernel(size == 0 ? 0 : size | 1, sigma);
    }

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, GaussianKernel draw, Workspace workspace)
    {
        if (draw is { Size: 0, Sigma: 0 })
        {
            from.Bytes.CopyTo(to.Bytes);
        }
        else if (_old || draw.Sigma == 0)
        {
            Filter.GaussianBlur(from, to, draw.Size, draw.Sigma);
        }
        else
        {
            Filter.ConvolveSeparably(from, to, Kernel(draw));
        }
    }

    private static double[] Kernel(GaussianKernel draw)
    {
        var size = draw.Size == 0 ? ((int)(draw.Sigma * 3.5) * 2) + 1 : draw.Size;
        var kernel = new double[size];
        for (var i = 0; i < size; i++)
        {
            var x = (i - (size / 2)) / draw.Sigma;
            kernel[i] = Math.Exp(-0.5 * (x * x));
        }

        var sum = kernel.Sum();
        for (var i = 0; i < size; i++)
        {
            kernel[i] /= sum;
        }

        return kernel;
    }
}
