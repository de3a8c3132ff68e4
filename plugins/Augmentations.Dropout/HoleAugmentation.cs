using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Dropout;

/// <summary>A rectangle of the sample.</summary>
/// <param name="Top">Its first row.</param>
/// <param name="Left">Its first column.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct Hole(int Top, int Left, int Height, int Width);

/// <summary>What was drawn; compares by value.</summary>
/// <param name="Holes">May overlap.</param>
/// <param name="Key">Of what fills them, where that is random.</param>
public sealed record HolesDraw(IReadOnlyList<Hole> Holes, ulong Key)
{
    /// <inheritdoc/>
    public bool Equals(HolesDraw? other) => other is not null && Key == other.Key && Holes.SequenceEqual(other.Holes);

    /// <inheritdoc/>
    public override int GetHashCode() => Holes.Aggregate(Key.GetHashCode(), HashCode.Combine);

    /// <summary>The holes and the key.</summary>
    public override string ToString() => $"HolesDraw {{ Holes = [{string.Join(", ", Holes)}], Key = {Key} }}";
}

/// <summary>What fills holes.</summary>
public abstract record HoleOptions : CompatibleOptions
{
    /// <summary>An intensity from 0 to 65535; or random (each pixel its own), random_uniform (each hole its own), inpaint_telea or inpaint_ns (made up from what surrounds it).</summary>
    public string Fill { get; init; } = "0";

    /// <summary>Label word of the holes, bit k for class k; null leaves labels as they are.</summary>
    public long? FillMask { get; init; }
}

/// <summary>Drops rectangles out of the image, and out of its labels where fill_mask says so.</summary>
public abstract class HoleAugmentation(HoleOptions options) : SampleAugmentation<HolesDraw>(options.Checked().P)
{
    private readonly HoleFill _fill = HoleFill.Of(options.Fill);

    /// <inheritdoc/>
    protected sealed override Sample Transform(Sample sample, HolesDraw draw, Workspace workspace)
    {
        if (draw.Holes.Count == 0)
        {
            return sample;
        }

        var image = workspace.Image(sample.Image.Frame, sample.Image.BytesPerPixel);
        _fill.Write(sample.Image, image, draw, workspace);
        return options.FillMask is not { } word ? sample with { Image = image } : sample with
        {
            Image = image,
            Labels = Dropped(sample.Labels, draw, word, workspace),
            Second = sample.Second is null ? null : Dropped(sample.Second, draw, word, workspace),
        };
    }

    private static LabelMap Dropped(LabelMap labels, HolesDraw draw, long word, Workspace workspace)
    {
        var dropped = workspace.Labels(labels.Frame, labels.Classes);
        labels.Bytes.CopyTo(dropped.Bytes);
        foreach (var hole in draw.Holes)
        {
            LabelFill.Write(dropped, hole, word);
        }

        return dropped;
    }
}
