using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>Turns upside down.</summary>
[Augmentation("VerticalFlip")]
public sealed class VerticalFlip(ChanceOptions options) : OrientationAugmentation(options.P)
{
    /// <inheritdoc/>
    protected override Orientation DrawParameters(ref RandomStream random, in DrawContext context) => Orientation.FlipRows;
}
