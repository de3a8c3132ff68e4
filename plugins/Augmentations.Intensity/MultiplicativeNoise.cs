using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Intensity;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record MultiplicativeNoiseOptions : AugmentationOptions
{
    /// <summary>Interval of the factor; x alone means [x, x].</summary>
    [Within(0, 1000, AloneTwice = true)]
    public Interval Multiplier { get; init; } = new(0.9, 1.1);

    /// <summary>True: a factor a pixel; false: one for the whole image.</summary>
    public bool Elementwise { get; init; }
}

/// <summary>What was drawn.</summary>
/// <param name="Multiplier">The factor, where there is one for the whole image.</param>
/// <param name="Key">Of the factors, where each pixel has its own.</param>
public readonly record struct MultiplicativeDraw(double Multiplier, ulong Key);

/// <summary>Multiplies pixels; what leaves the pixel's range is clipped, fractions are cut off.</summary>
[Augmentation("MultiplicativeNoise")]
public sealed class MultiplicativeNoise(MultiplicativeNoiseOptions options) : IntensityAugmentation<MultiplicativeDraw>(options.Checked().P)
{
    /// <inheritdoc/>
    protected override MultiplicativeDraw DrawParameters(ref RandomStream random, in DrawContext context) =>
        options.Elementwise ? new(1, random.NextUInt64()) : new(options.Multiplier.Draw(ref random), 0);

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, MultiplicativeDraw draw, Workspace workspace)
    {
        if (options.Elementwise)
        {
            Noise.Multiply(from, to, options.Multiplier, draw.Key);
        }
        else
        {
            PixelTable.Scale(from, to, (float)draw.Multiplier, 0, workspace);
        }
    }
}
