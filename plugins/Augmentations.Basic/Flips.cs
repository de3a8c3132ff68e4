using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>Albumentations' default, and pairs of sides.</summary>
public sealed record FlipOptions : OrientationOptions;

/// <summary>Mirrors left and right.</summary>
/// <remarks>Classes that name a side keep their bit unless swap_classes pairs them.</remarks>
[Augmentation("HorizontalFlip")]
public sealed class HorizontalFlip(FlipOptions options) : OrientationAugmentation(options)
{
    /// <inheritdoc/>
    protected override Orientation DrawParameters(ref RandomStream random, in DrawContext context) => Orientation.FlipColumns;
}

/// <summary>Turns upside down by a mirror.</summary>
[Augmentation("VerticalFlip")]
public sealed class VerticalFlip(FlipOptions options) : OrientationAugmentation(options)
{
    /// <inheritdoc/>
    protected override Orientation DrawParameters(ref RandomStream random, in DrawContext context) => Orientation.FlipRows;
}

/// <summary>Swaps rows and columns; the frame's height and width change places.</summary>
[Augmentation("Transpose")]
public sealed class Transpose(FlipOptions options) : OrientationAugmentation(options)
{
    /// <inheritdoc/>
    protected override Orientation DrawParameters(ref RandomStream random, in DrawContext context) => Orientation.Transpose;
}
