using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>Swaps rows and columns; the frame's height and width change places.</summary>
[Augmentation("Transpose")]
public sealed class Transpose(ChanceOptions options) : OrientationAugmentation(options.P)
{
    /// <inheritdoc/>
    protected override Orientation DrawParameters(ref RandomStream random, in DrawContext context) => Orientation.Transpose;
}
