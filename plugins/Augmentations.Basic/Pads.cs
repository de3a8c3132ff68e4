using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record PadIfNeededOptions : BorderOptions, IValidatableObject
{
    /// <summary>Always applied where nothing else is said.</summary>
    public PadIfNeededOptions() => P = 1;

    /// <summary>Rows that the result has at least; null where pad_height_divisor says it.</summary>
    [Range(1, 32766)]
    public int? MinHeight { get; init; } = 1024;

    /// <summary>Columns that the result has at least; null where pad_width_divisor says it.</summary>
    [Range(1, 32766)]
    public int? MinWidth { get; init; } = 1024;

    /// <summary>The result's rows are a multiple of it.</summary>
    [Range(1, 32766)]
    public int? PadHeightDivisor { get; init; }

    /// <summary>The result's columns are a multiple of it.</summary>
    [Range(1, 32766)]
    public int? PadWidthDivisor { get; init; }

    /// <summary>center, top_left, top_right, bottom_left, bottom_right or random: where the image lies.</summary>
    public PadPosition Position { get; init; } = PadPosition.Center;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MinHeight is null == PadHeightDivisor is null)
        {
            yield return new ValidationResult("and pad_height_divisor exclude each other: one of them is a number, the other null.", [nameof(MinHeight)]);
        }

        if (MinWidth is null == PadWidthDivisor is null)
        {
            yield return new ValidationResult("and pad_width_divisor exclude each other: one of them is a number, the other null.", [nameof(MinWidth)]);
        }
    }
}

/// <summary>Pads smaller images.</summary>
/// <remarks>cv2.copyMakeBorder, bit for bit. <c>border_mode: symmetric</c> is the mirror of the original U-Net: Ronneberger et al. 2015, arXiv:1505.04597.</remarks>
[Augmentation("PadIfNeeded")]
public sealed class PadIfNeeded(PadIfNeededOptions options) : SpatialAugmentation<CropWindow>(options.Checked().P)
{
    private readonly Border _border = options.Border();

    /// <inheritdoc/>
    protected override CropWindow DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var (height, width) = context.Frame;
        var (rows, columns) = (Missing(height, options.MinHeight, options.PadHeightDivisor), Missing(width, options.MinWidth, options.PadWidthDivisor));
        var (above, left) = Padding.Before(rows, columns, options.Position, ref random);
        return new CropWindow(-above, -left, height + rows, width + columns);
    }

    /// <inheritdoc/>
    protected override Geometry Map(CropWindow draw, Frame frame) => new GridWindow(draw.Top, draw.Left, new Frame(draw.Height, draw.Width), _border);

    private static int Missing(int length, int? least, int? divisor) => least is { } wanted ? Math.Max(0, wanted - length) : (divisor!.Value - (length % divisor.Value)) % divisor.Value;
}

/// <summary>Albumentations' options and defaults.</summary>
public sealed record PadOptions : BorderOptions, IValidatableObject
{
    /// <summary>Always applied where nothing else is said.</summary>
    public PadOptions() => P = 1;

    /// <summary>Pixels on every side; or [left and right, above and below]; or [left, above, right, below].</summary>
    [Within(0, 16383, AloneTwice = true)]
    public IReadOnlyList<int> Padding { get; init; } = [0, 0];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Padding.Count is not (2 or 4))
        {
            yield return new ValidationResult($"has {Padding.Count} numbers; expected one, two or four.", [nameof(Padding)]);
        }
    }
}

/// <summary>Pads every image by as much.</summary>
/// <remarks>cv2.copyMakeBorder, bit for bit.</remarks>
[Augmentation("Pad")]
public sealed class Pad(PadOptions options) : SpatialAugmentation<CropWindow>(options.Checked().P)
{
    private readonly Border _border = options.Border();

    /// <inheritdoc/>
    protected override CropWindow DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var (left, above, right, below) = options.Padding is [var x, var y] ? (x, y, x, y) : (options.Padding[0], options.Padding[1], options.Padding[2], options.Padding[3]);
        return new CropWindow(-above, -left, context.Frame.Height + above + below, context.Frame.Width + left + right);
    }

    /// <inheritdoc/>
    protected override Geometry Map(CropWindow draw, Frame frame) => new GridWindow(draw.Top, draw.Left, new Frame(draw.Height, draw.Width), _border);
}
