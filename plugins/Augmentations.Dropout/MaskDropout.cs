using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Dropout;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record MaskDropoutOptions : AugmentationOptions
{
    /// <summary>Interval of the number of objects; x alone means [1, x].</summary>
    [Within(1, 10000, AloneFrom = 1)]
    public WholeInterval MaxObjects { get; init; } = new(1, 1);

    /// <summary>An intensity from 0 to 65535; or random (each pixel its own), random_uniform (one for all), inpaint_telea or inpaint_ns (made up from what surrounds it).</summary>
    public string Fill { get; init; } = "0";

    /// <summary>Label word of the place, bit k for class k; 0: no class.</summary>
    public long FillMask { get; init; }
}

/// <summary>What was drawn; compares by value.</summary>
/// <param name="Objects">Numbers of objects, ascending; class by class, in each from above and the left.</param>
/// <param name="Key">Of what fills their place, where that is random.</param>
public sealed record ObjectsDraw(IReadOnlyList<int> Objects, ulong Key)
{
    /// <inheritdoc/>
    public bool Equals(ObjectsDraw? other) => other is not null && Key == other.Key && Objects.SequenceEqual(other.Objects);

    /// <inheritdoc/>
    public override int GetHashCode() => Objects.Aggregate(Key.GetHashCode(), HashCode.Combine);

    /// <summary>The objects and the key.</summary>
    public override string ToString() => $"ObjectsDraw {{ Objects = [{string.Join(", ", Objects)}], Key = {Key} }}";
}

/// <summary>Drops objects: connected pieces of a class (pixels touching at a side or a corner), out of the image and out of all its classes.</summary>
[Augmentation("MaskDropout")]
public sealed class MaskDropout(MaskDropoutOptions options) : SampleAugmentation<ObjectsDraw>(options.Checked().P)
{
    private readonly HoleFill _fill = HoleFill.Of(options.Fill);

    /// <inheritdoc/>
    public override bool ReadsSample => true;

    /// <inheritdoc/>
    protected override ObjectsDraw DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var all = Enumerable.Range(0, Objects(context.Sample!.Labels).Count()).ToArray();
        random.Shuffle(all.AsSpan());
        var chosen = all.Take(options.MaxObjects.Draw(ref random)).Order().ToArray();
        return new ObjectsDraw(chosen, random.NextUInt64());
    }

    /// <inheritdoc/>
    protected override Sample Transform(Sample sample, ObjectsDraw draw, Workspace workspace)
    {
        if (draw.Objects.Count == 0)
        {
            return sample;
        }

        var place = workspace.Labels(sample.Image.Frame, 1);
        place.Bytes.Clear();
        var chosen = draw.Objects.ToHashSet();
        foreach (var (piece, number) in Objects(sample.Labels).Select((piece, number) => (piece, number)))
        {
            if (chosen.Contains(number))
            {
                foreach (var run in piece)
                {
                    place.Bytes.Slice(run.Start, run.Length).Fill(1);
                }
            }
        }

        var image = workspace.Image(sample.Image.Frame, sample.Image.BytesPerPixel);
        _fill.Write(sample.Image, image, place.Bytes, draw.Key);
        return sample with
        {
            Image = image,
            Labels = Dropped(sample.Labels, place.Bytes, workspace),
            Second = sample.Second is null ? null : Dropped(sample.Second, place.Bytes, workspace),
        };
    }

    private LabelMap Dropped(LabelMap labels, ReadOnlySpan<byte> place, Workspace workspace)
    {
        var dropped = workspace.Labels(labels.Frame, labels.Classes);
        labels.Bytes.CopyTo(dropped.Bytes);
        var word = LabelFill.Known(labels, options.FillMask);
        Span<byte> bytes = stackalloc byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(bytes, word);
        bytes = bytes[..labels.WordBytes];
        for (var i = 0; i < place.Length; i++)
        {
            if (place[i] != 0)
            {
                bytes.CopyTo(dropped.Bytes[(i * bytes.Length)..]);
            }
        }

        return dropped;
    }

    private static IEnumerable<IReadOnlyList<Run>> Objects(LabelMap labels) => labels.ToMasks().SelectMany(Pieces.Of);
}
