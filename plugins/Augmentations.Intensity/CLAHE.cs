using Osteon.Abstractions;
using Osteon.Imaging;

namespace Osteon.Plugins.Augmentations.Intensity;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record CLAHEOptions : AugmentationOptions
{
    /// <summary>Interval of a tile's highest bin, as a multiple of the mean bin; x alone means [1, x].</summary>
    [Within(1, 1e6, AloneFrom = 1)]
    public Interval ClipLimit { get; init; } = new(1, 4);

    /// <summary>Tiles, [across, down].</summary>
    [Within(1, 1024)]
    public (int Across, int Down) TileGridSize { get; init; } = (8, 8);
}

/// <summary>Equalises histograms tile by tile with their peaks cut off, so that noise in even regions is not blown up.</summary>
/// <remarks>cv2.createCLAHE, bit for bit: Zuiderveld 1994, Graphics Gems IV. The draw is the clip limit.</remarks>
[Augmentation("CLAHE")]
public sealed class CLAHE(CLAHEOptions options) : IntensityAugmentation<double>(options.Checked().P)
{
    /// <inheritdoc/>
    protected override double DrawParameters(ref RandomStream random, in DrawContext context) => options.ClipLimit.Draw(ref random);

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, double draw, Workspace workspace) =>
        Filter.Clahe(from, to, draw, options.TileGridSize.Across, options.TileGridSize.Down);
}
