using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>Albumentations' default: always.</summary>
public sealed record D4Options : OrientationOptions
{
    /// <summary>Always applied where nothing else is said.</summary>
    public D4Options() => P = 1;
}

/// <summary>One of the eight symmetries of the square, each as likely; the identity is among them.</summary>
[Augmentation("D4")]
public sealed class D4(D4Options options) : OrientationAugmentation(options)
{
    /// <inheritdoc/>
    protected override Orientation DrawParameters(ref RandomStream random, in DrawContext context) => (Orientation)random.NextInt(8);
}

/// <summary>Albumentations' default: always.</summary>
public sealed record RandomRotate90Options : OrientationOptions
{
    /// <summary>Always applied where nothing else is said; Albumentations 1 applied it to half the samples.</summary>
    public RandomRotate90Options() => P = 1;
}

/// <summary>Zero to three quarter turns counter-clockwise, each as likely.</summary>
/// <remarks>Albumentations' RandomRotate90: even p = 1 leaves a quarter of the samples as they are.</remarks>
[Augmentation("RandomRotate90")]
public sealed class RandomRotate90(RandomRotate90Options options) : OrientationAugmentation(options)
{
    private static readonly Orientation[] Turns =
        [Orientation.Identity, Orientation.Rotate90, Orientation.Rotate180, Orientation.Rotate270];

    /// <inheritdoc/>
    protected override Orientation DrawParameters(ref RandomStream random, in DrawContext context) => Turns[random.NextInt(4)];
}
