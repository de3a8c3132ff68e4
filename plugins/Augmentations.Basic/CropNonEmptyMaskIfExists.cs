using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record CropNonEmptyMaskIfExistsOptions : AugmentationOptions
{
    /// <summary>Always applied where nothing else is said.</summary>
    public CropNonEmptyMaskIfExistsOptions() => P = 1;

    /// <summary>Rows of the crop.</summary>
    [Range(1, 32766)]
    public required int Height { get; init; }

    /// <summary>Columns of the crop.</summary>
    [Range(1, 32766)]
    public required int Width { get; init; }

    /// <summary>Classes that do not count, by number from 0.</summary>
    [Within(0, 63)]
    public IReadOnlyList<int> IgnoreChannels { get; init; } = [];

    /// <summary>The same for masks of values, of which value k is class k.</summary>
    [Within(0, 63)]
    public IReadOnlyList<int> IgnoreValues { get; init; } = [];
}

/// <summary>Crops a window around a labelled pixel, each as likely; anywhere, where no pixel is labelled.</summary>
/// <remarks>The pixel may come to lie anywhere in the window, as far as the image's edge lets it.</remarks>
[Augmentation("CropNonEmptyMaskIfExists")]
public sealed class CropNonEmptyMaskIfExists(CropNonEmptyMaskIfExistsOptions options) : SpatialAugmentation<CropWindow>(options.Checked().P)
{
    private readonly ulong _counts = options.IgnoreChannels.Concat(options.IgnoreValues).Aggregate(ulong.MaxValue, (bits, k) => bits & ~(1ul << k));

    /// <inheritdoc/>
    public override bool ReadsSample => true;

    /// <inheritdoc/>
    protected override CropWindow DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var (frame, labels) = (context.Frame, context.Sample!.Labels);
        if (frame.Height < options.Height || frame.Width < options.Width)
        {
            throw new ConfigurationException($"CropNonEmptyMaskIfExists: {options.Height}×{options.Width} cannot be cropped out of {frame}. Put PadIfNeeded before it.");
        }

        var (rows, columns) = (frame.Height - options.Height, frame.Width - options.Width);
        var labelled = labels.WordBytes switch
        {
            1 => Draw(labels.Words<byte>(), (byte)_counts, ref random),
            2 => Draw(labels.Words<ushort>(), (ushort)_counts, ref random),
            4 => Draw(labels.Words<uint>(), (uint)_counts, ref random),
            _ => Draw(labels.Words<ulong>(), _counts, ref random),
        };
        var (top, left) = labelled < 0
            ? (random.NextInt(rows + 1), random.NextInt(columns + 1))
            : (Math.Clamp((labelled / frame.Width) - random.NextInt(options.Height), 0, rows), Math.Clamp((labelled % frame.Width) - random.NextInt(options.Width), 0, columns));
        return new CropWindow(top, left, options.Height, options.Width);
    }

    /// <inheritdoc/>
    protected override Geometry Map(CropWindow draw, Frame frame) => new GridWindow(draw.Top, draw.Left, new Frame(draw.Height, draw.Width));

    private static int Draw<T>(ReadOnlySpan<T> words, T counts, ref RandomStream random) where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        var found = 0;
        foreach (var word in words)
        {
            found += (word & counts) == T.Zero ? 0 : 1;
        }

        if (found == 0)
        {
            return -1;
        }

        var chosen = random.NextInt(found);
        var place = 0;
        while ((words[place] & counts) == T.Zero || chosen-- > 0)
        {
            place++;
        }

        return place;
    }
}
