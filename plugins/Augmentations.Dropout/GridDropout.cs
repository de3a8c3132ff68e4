using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Dropout;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record GridDropoutOptions : HoleOptions
{
    /// <summary>A hole's height and width as a fraction of its cell's.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Ratio { get; init; } = 0.5;

    /// <summary>True: each hole lies anywhere in its cell; false: shift_xy from the cell's upper left. true; in 1.x false.</summary>
    public bool? RandomOffset { get; init; }

    /// <summary>Interval of a cell's side in pixels, drawn once for all cells. Without it and holes_number_xy a side is a tenth of the image's.</summary>
    [Within(2, 32766)]
    public WholeInterval? UnitSizeRange { get; init; }

    /// <summary>Cells [in a row, in a column], before unit_size_range.</summary>
    [Within(1, 10000)]
    public (int X, int Y)? HolesNumberXy { get; init; }

    /// <summary>The holes' place in their cells, [right, down], where random_offset is false.</summary>
    [Within(0, 32766)]
    public (int X, int Y) ShiftXy { get; init; } = (0, 0);
}

/// <summary>Drops a rectangle out of every cell of a grid.</summary>
/// <remarks>Chen et al. 2020, arXiv:2001.04086. Cells whose sides differ by a pixel come in an order that is drawn.</remarks>
[Augmentation("GridDropout")]
public sealed class GridDropout(GridDropoutOptions options) : HoleAugmentation(options)
{
    private readonly bool _anywhere = options.RandomOffset ?? !options.Old;

    /// <inheritdoc/>
    protected override HolesDraw DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var (height, width) = context.Frame;
        var (down, across) = Cells(height, width, ref random);
        var (rows, columns) = (Splits(height, down, ref random), Splits(width, across, ref random));
        var holes = new Hole[down * across];
        for (var i = 0; i < down; i++)
        {
            for (var j = 0; j < across; j++)
            {
                var (cellHeight, cellWidth) = (rows[i + 1] - rows[i], columns[j + 1] - columns[j]);
                var (h, w) = (Side(cellHeight), Side(cellWidth));
                var (y, x) = _anywhere ? (random.NextInt(cellHeight - h + 1), random.NextInt(cellWidth - w + 1)) : (options.ShiftXy.Y, options.ShiftXy.X);
                holes[(i * across) + j] = new Hole(Math.Clamp(rows[i] + y, 0, height - h), Math.Clamp(columns[j] + x, 0, width - w), h, w);
            }
        }

        return new HolesDraw(holes, random.NextUInt64());
    }

    private (int Down, int Across) Cells(int height, int width, ref RandomStream random)
    {
        if (options.HolesNumberXy is { } number)
        {
            return (Math.Min(number.Y, height), Math.Min(number.X, width));
        }

        if (options.UnitSizeRange is not { } sizes)
        {
            return (height / Math.Max(2, height / 10), width / Math.Max(2, width / 10)) is var (d, a) ? (Math.Max(1, d), Math.Max(1, a)) : default;
        }

        var side = sizes.High <= Math.Min(height, width)
            ? sizes.Draw(ref random)
            : throw new ConfigurationException($"GridDropout: unit_size_range {sizes} is more than an image of {height}×{width} holds.");
        return (height / side, width / side);
    }

    private int Side(int cell) => (int)Math.Clamp(cell * options.Ratio, 1, Math.Max(1, cell - 1));

    private static int[] Splits(int length, int parts, ref RandomStream random)
    {
        var sizes = new int[parts];
        for (var i = 0; i < parts; i++)
        {
            sizes[i] = (length / parts) + (i < length % parts ? 1 : 0);
        }

        random.Shuffle(sizes.AsSpan());
        var splits = new int[parts + 1];
        for (var i = 0; i < parts; i++)
        {
            splits[i + 1] = splits[i] + sizes[i];
        }

        return splits;
    }
}
