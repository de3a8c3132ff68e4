using Osteon.Abstractions;
using Osteon.Imaging;

namespace Osteon.Plugins.Augmentations.Intensity;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record MotionBlurOptions : AugmentationOptions
{
    /// <summary>Interval of the kernel's side in pixels; even numbers become the next odd one; x alone means [3, x].</summary>
    [Within(3, 255, AloneFrom = 3)]
    public WholeInterval BlurLimit { get; init; } = new(3, 7);

    /// <summary>Interval of the path's angle in degrees, clockwise from the right.</summary>
    [Within(0, 360)]
    public Interval AngleRange { get; init; } = new(0, 360);

    /// <summary>Interval of the bias: −1 only backward, 0 both ways, 1 only forward.</summary>
    [Within(-1, 1)]
    public Interval DirectionRange { get; init; } = new(-1, 1);

    /// <summary>Whether the path may lie beside the pixel.</summary>
    public bool AllowShifted { get; init; } = true;
}

/// <summary>What was drawn.</summary>
/// <param name="Size">Side of the kernel, odd.</param>
/// <param name="Angle">Degrees, clockwise from the right.</param>
/// <param name="Direction">−1 to 1.</param>
/// <param name="ShiftX">Pixels to the right.</param>
/// <param name="ShiftY">Pixels down.</param>
public readonly record struct MotionPath(int Size, double Angle, double Direction, double ShiftX, double ShiftY);

/// <summary>Each pixel becomes the mean along a line, as if it had moved during exposure.</summary>
/// <remarks>cv2.filter2D with Albumentations' kernel, bit for bit.</remarks>
[Augmentation("MotionBlur")]
public sealed class MotionBlur(MotionBlurOptions options) : IntensityAugmentation<MotionPath>(options.Checked().P)
{
    /// <inheritdoc/>
    protected override MotionPath DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var size = Odd.Draw(ref random, options.BlurLimit);
        var (angle, direction) = (options.AngleRange.Draw(ref random), options.DirectionRange.Draw(ref random));
        var reach = options.AllowShifted ? size / 2 / 2.0 : 0;
        return new MotionPath(size, angle, direction, random.NextDouble(-1, 1) * reach, random.NextDouble(-1, 1) * reach);
    }

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, MotionPath draw, Workspace workspace)
    {
        var size = draw.Size;
        var half = size / 2;
        var (sin, cos) = Math.SinCos(double.DegreesToRadians(draw.Angle));
        var (first, last) = draw.Direction switch
        {
            < 0 => (-(double)half, half * (1 + draw.Direction)),
            > 0 => (-half * (1 - draw.Direction), half),
            _ => (-half, (double)half),
        };
        var kernel = workspace.Numbers<float>(size * size);
        kernel.Clear();
        for (var i = 0; i < size; i++)
        {
            var t = first + (i * ((last - first) / (size - 1)));
            var x = Math.Clamp(Math.Round(half + (cos * t) + draw.ShiftX), 0, size - 1);
            var y = Math.Clamp(Math.Round(half + (sin * t) + draw.ShiftY), 0, size - 1);
            kernel[((int)y * size) + (int)x] = 1;
        }

        var sum = 0f;
        foreach (var weight in kernel)
        {
            sum += weight;
        }

        for (var i = 0; i < kernel.Length; i++)
        {
            kernel[i] /= sum;
        }

        Filter.Convolve(from, to, kernel, size);
    }
}
