using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>Albumentations' default: always.</summary>
public sealed record D4Options
{
    /// <summary>Probability in [0, 1].</summary>
    public double P { get; init; } = 1;
}

/// <summary>One of the eight symmetries of the square, each as likely; the identity is among them.</summary>
[Augmentation("D4")]
public sealed class D4(D4Options options) : OrientationAugmentation(options.P)
{
    /// <inheritdoc/>
    protected override Orientation DrawParameters(ref RandomStream random, in DrawContext context) => (Orientation)random.NextInt(8);
}
