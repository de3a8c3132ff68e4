using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Dropout;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record CoarseDropoutOptions : HoleOptions
{
    /// <summary>Interval of the number of holes. [1, 2]; in 1.x [8, 8].</summary>
    [Within(1, 10000)]
    public WholeInterval? NumHolesRange { get; init; }

    /// <summary>Interval of a hole's height: a fraction of the image's where its end is below 1, else pixels. [0.1, 0.2]; in 1.x [8, 8].</summary>
    [Within(0, 32766)]
    public Interval? HoleHeightRange { get; init; }

    /// <summary>Interval of a hole's width: a fraction of the image's where hole_height_range is one, else pixels. [0.1, 0.2]; in 1.x [8, 8].</summary>
    [Within(0, 32766)]
    public Interval? HoleWidthRange { get; init; }
}

/// <summary>Drops a few rectangles.</summary>
/// <remarks>DeVries and Taylor 2017, arXiv:1708.04552.</remarks>
[Augmentation("CoarseDropout")]
public sealed class CoarseDropout(CoarseDropoutOptions options) : HoleAugmentation(options)
{
    private readonly WholeInterval _count = options.NumHolesRange ?? (options.Old ? new(8, 8) : new(1, 2));
    private readonly Interval _height = options.HoleHeightRange ?? (options.Old ? new(8, 8) : new(0.1, 0.2));
    private readonly Interval _width = options.HoleWidthRange ?? (options.Old ? new(8, 8) : new(0.1, 0.2));

    /// <inheritdoc/>
    protected override HolesDraw DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var (height, width) = context.Frame;
        var holes = new Hole[_count.Draw(ref random)];
        for (var i = 0; i < holes.Length; i++)
        {
            var (h, w) = (Side(_height, height, ref random), Side(_width, width, ref random));
            holes[i] = new Hole(random.NextInt(height - h + 1), random.NextInt(width - w + 1), h, w);
        }

        return new HolesDraw(holes, random.NextUInt64());
    }

    private int Side(Interval interval, int length, ref RandomStream random)
    {
        if (_height.High < 1)
        {
            return Math.Min((int)(length * interval.Draw(ref random)), length);
        }

        var high = Math.Min((int)interval.High, length);
        return new WholeInterval(Math.Min((int)interval.Low, high), high).Draw(ref random);
    }
}
