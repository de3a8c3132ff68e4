using Osteon.Masks;

namespace Osteon.Abstractions;

/// <summary>
/// A change of a sample in two steps: a draw from a stream, then an application without chance, so that a draw can be logged,
/// replayed and shared by image and labels. Neither step changes its input.
/// </summary>
public abstract class Augmentation
{
    private protected Augmentation(double p) => Probability = p is >= 0 and <= 1
        ? p
        : throw new ConfigurationException($"p {p} is outside [0, 1].");

    /// <summary>How often it is applied, in [0, 1].</summary>
    public double Probability { get; }

    /// <summary>Draws the parameters; a record that prints well and compares by value.</summary>
    public abstract object Draw(ref RandomStream random, Frame frame);

    /// <summary>Applies drawn parameters; the same draw gives the same bytes.</summary>
    public abstract Sample Apply(Sample sample, object draw);

    /// <summary>Draws whether, then what, then applies it.</summary>
    public Sample Run(Sample sample, ref RandomStream random) =>
        random.NextDouble() < Probability ? Apply(sample, Draw(ref random, sample.Image.Frame)) : sample;
}

/// <summary>Moves pixels: image and label words together, words by nearest neighbour.</summary>
public abstract class SpatialAugmentation<TDraw>(double p) : Augmentation(p) where TDraw : notnull
{
    /// <inheritdoc/>
    public sealed override object Draw(ref RandomStream random, Frame frame) => DrawParameters(ref random, frame);

    /// <inheritdoc/>
    public sealed override Sample Apply(Sample sample, object draw) =>
        new(Transform(sample.Image, (TDraw)draw), Transform(sample.Labels, (TDraw)draw));

    /// <summary>Draws the parameters.</summary>
    protected abstract TDraw DrawParameters(ref RandomStream random, Frame frame);

    /// <summary>Moves the image's pixels.</summary>
    protected abstract Image Transform(Image image, TDraw draw);

    /// <summary>Moves the label words, all classes at once.</summary>
    protected abstract LabelMap Transform(LabelMap labels, TDraw draw);
}

/// <summary>Changes intensities; labels stay as they are.</summary>
public abstract class IntensityAugmentation<TDraw>(double p) : Augmentation(p) where TDraw : notnull
{
    /// <inheritdoc/>
    public sealed override object Draw(ref RandomStream random, Frame frame) => DrawParameters(ref random, frame);

    /// <inheritdoc/>
    public sealed override Sample Apply(Sample sample, object draw) => sample with { Image = Transform(sample.Image, (TDraw)draw) };

    /// <summary>Draws the parameters.</summary>
    protected abstract TDraw DrawParameters(ref RandomStream random, Frame frame);

    /// <summary>Changes the image's intensities.</summary>
    protected abstract Image Transform(Image image, TDraw draw);
}
