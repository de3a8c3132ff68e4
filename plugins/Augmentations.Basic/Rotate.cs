using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record RotateOptions : AffineOptions
{
    /// <summary>Interval of the angle in degrees, counter-clockwise.</summary>
    public Interval Limit { get; init; } = new(-90, 90);
}

/// <summary>Turns about the centre; the frame stays, corners leave it.</summary>
[Augmentation("Rotate")]
public sealed class Rotate(RotateOptions options) : AffineAugmentation(options)
{
    private readonly Interval _limit = options.Limit.Checked("limit", -360, 360);

    /// <inheritdoc/>
    protected override AffineDraw DrawParameters(ref RandomStream random, in DrawContext context) => new(_limit.Draw(ref random));
}
