using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>Zero to three quarter turns counter-clockwise, each as likely.</summary>
/// <remarks>Albumentations' RandomRotate90: even p = 1 leaves a quarter of the samples as they are.</remarks>
[Augmentation("RandomRotate90")]
public sealed class RandomRotate90(ChanceOptions options) : OrientationAugmentation(options.P)
{
    private static readonly Orientation[] Turns =
        [Orientation.Identity, Orientation.Rotate90, Orientation.Rotate180, Orientation.Rotate270];

    /// <inheritdoc/>
    protected override Orientation DrawParameters(ref RandomStream random, in DrawContext context) => Turns[random.NextInt(4)];
}
