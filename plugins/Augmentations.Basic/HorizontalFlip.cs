using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>Mirrors left and right.</summary>
/// <remarks>Classes that name a side keep their bit: use it where sides do not matter, or where the mirrored anatomy is as likely.</remarks>
[Augmentation("HorizontalFlip")]
public sealed class HorizontalFlip(ChanceOptions options) : OrientationAugmentation(options.P)
{
    /// <inheritdoc/>
    protected override Orientation DrawParameters(ref RandomStream random, in DrawContext context) => Orientation.FlipColumns;
}
