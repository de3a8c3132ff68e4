using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>Where the image lies in the larger frame that it is padded to.</summary>
public enum PadPosition
{
    /// <summary>In the middle; an odd pixel goes below and to the right.</summary>
    Center,

    /// <summary>At the upper left.</summary>
    TopLeft,

    /// <summary>At the upper right.</summary>
    TopRight,

    /// <summary>At the lower left.</summary>
    BottomLeft,

    /// <summary>At the lower right.</summary>
    BottomRight,

    /// <summary>Anywhere; drawn anew each time.</summary>
    Random,
}

/// <summary>A window of the sample. What lies outside it is padding.</summary>
/// <param name="Top">Its first row; negative above the image.</param>
/// <param name="Left">Its first column; negative to the left of the image.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct CropWindow(int Top, int Left, int Height, int Width);

/// <summary>Albumentations' options and defaults.</summary>
public sealed record CropOptions : BorderOptions
{
    /// <summary>Always applied where nothing else is said.</summary>
    public CropOptions() => P = 1;

    /// <summary>Rows of the crop.</summary>
    [Range(1, 32766)]
    public required int Height { get; init; }

    /// <summary>Columns of the crop.</summary>
    [Range(1, 32766)]
    public required int Width { get; init; }

    /// <summary>True: a smaller image is padded first; false: it is an error.</summary>
    public bool PadIfNeeded { get; init; }

    /// <summary>center, top_left, top_right, bottom_left, bottom_right or random: where a smaller image lies in the padding.</summary>
    public PadPosition PadPosition { get; init; } = PadPosition.Center;
}

/// <summary>Crops of one size.</summary>
public abstract class CropAugmentation(CropOptions options) : SpatialAugmentation<CropWindow>(options.Checked().P)
{
    private readonly Border _border = options.Border("constant");

    /// <inheritdoc/>
    protected sealed override CropWindow DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var frame = context.Frame;
        if (!options.PadIfNeeded && (frame.Height < options.Height || frame.Width < options.Width))
        {
            throw new ConfigurationException($"{GetType().Name}: {options.Height}×{options.Width} cannot be cropped out of {frame}. pad_if_needed: true pads smaller images first.");
        }

        var (above, left) = Padding.Before(Math.Max(0, options.Height - frame.Height), Math.Max(0, options.Width - frame.Width), options.PadPosition, ref random);
        var (top, start) = Place(Math.Max(0, frame.Height - options.Height), Math.Max(0, frame.Width - options.Width), ref random);
        return new CropWindow(top - above, start - left, options.Height, options.Width);
    }

    /// <inheritdoc/>
    protected sealed override Geometry Map(CropWindow draw, Frame frame) => new GridWindow(draw.Top, draw.Left, new Frame(draw.Height, draw.Width), _border);

    /// <summary>The first row and column, in [0, <paramref name="rows"/>] and [0, <paramref name="columns"/>].</summary>
    protected abstract (int Top, int Left) Place(int rows, int columns, ref RandomStream random);
}

/// <summary>Crops a window at a place that is drawn.</summary>
[Augmentation("RandomCrop")]
public sealed class RandomCrop(CropOptions options) : CropAugmentation(options)
{
    /// <inheritdoc/>
    protected override (int Top, int Left) Place(int rows, int columns, ref RandomStream random) => (random.NextInt(rows + 1), random.NextInt(columns + 1));
}

/// <summary>Crops the middle.</summary>
[Augmentation("CenterCrop")]
public sealed class CenterCrop(CropOptions options) : CropAugmentation(options)
{
    /// <inheritdoc/>
    protected override (int Top, int Left) Place(int rows, int columns, ref RandomStream random) => (rows / 2, columns / 2);
}

/// <summary>How much of a padding lies before the image.</summary>
internal static class Padding
{
    public static (int Above, int Left) Before(int rows, int columns, PadPosition position, ref RandomStream random) => position switch
    {
        PadPosition.Center => (rows / 2, columns / 2),
        PadPosition.TopLeft => (0, 0),
        PadPosition.TopRight => (0, columns),
        PadPosition.BottomLeft => (rows, 0),
        PadPosition.BottomRight => (rows, columns),
        _ => (random.NextInt(rows + 1), random.NextInt(columns + 1)),
    };
}
