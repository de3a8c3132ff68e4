using Osteon.Abstractions;
using Osteon.Imaging;

namespace Osteon.Plugins.Augmentations.Intensity;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record BlurOptions : AugmentationOptions
{
    /// <summary>Interval of the square's side in pixels; even numbers become the next odd one; x alone means [3, x].</summary>
    [Within(3, 255, AloneFrom = 3)]
    public WholeInterval BlurLimit { get; init; } = new(3, 7);
}

/// <summary>Each pixel becomes the mean of the square around it.</summary>
/// <remarks>cv2.blur, bit for bit. The draw is the square's side.</remarks>
[Augmentation("Blur")]
public sealed class Blur(BlurOptions options) : IntensityAugmentation<int>(options.Checked().P)
{
    /// <inheritdoc/>
    protected override int DrawParameters(ref RandomStream random, in DrawContext context) => Odd.Draw(ref random, options.BlurLimit);

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, int draw, Workspace workspace) => Filter.Blur(from, to, draw);
}

/// <summary>Each pixel becomes the median of the square around it.</summary>
/// <remarks>cv2.medianBlur, bit for bit; 16-bit images keep their depth at any side, where OpenCV stops at 5. The draw is the square's side.</remarks>
[Augmentation("MedianBlur")]
public sealed class MedianBlur(BlurOptions options) : IntensityAugmentation<int>(options.Checked().P)
{
    /// <inheritdoc/>
    protected override int DrawParameters(ref RandomStream random, in DrawContext context) => Odd.Draw(ref random, options.BlurLimit);

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, int draw, Workspace workspace) => Filter.MedianBlur(from, to, draw);
}

/// <summary>Sides of squares that have a middle.</summary>
internal static class Odd
{
    /// <summary>An odd number; each of those in the interval is as likely. Even ends are raised by one.</summary>
    public static int Draw(ref RandomStream random, WholeInterval interval)
    {
        var (low, high) = (interval.Low | 1, interval.High | 1);
        return low + (2 * random.NextInt(((high - low) / 2) + 1));
    }
}
