using Osteon.Masks;

namespace Osteon.Abstractions;

/// <summary>
/// A change of a sample, either drawn and then applied without chance (<see cref="DrawnAugmentation"/>), or a choice among others
/// (<see cref="AugmentationContainer"/>). It holds its options alone, so that any number of threads may use one instance. The
/// engine's AugmentationPipeline (Osteon.Imaging) draws and applies; plugins only say what to draw and what a draw means.
/// </summary>
public abstract class Augmentation
{
    private protected Augmentation(double p) => Probability = p is >= 0 and <= 1
        ? p
        : throw new ConfigurationException($"p {p} is outside [0, 1].");

    /// <summary>How often it is applied, in [0, 1].</summary>
    public double Probability { get; }

    /// <summary>This augmentation for a data set's classes, told once before use; options that name classes are looked up here.</summary>
    /// <param name="classes">Names in channel order.</param>
    /// <exception cref="ConfigurationException">An option names a class that is not there.</exception>
    public virtual Augmentation For(IReadOnlyList<string> classes) => this;
}

/// <summary>
/// An augmentation in two steps: a draw from a stream, then an application without chance, so that a draw can be logged, replayed
/// and shared by image and labels. Derive from one of its kinds: <see cref="SpatialAugmentation{TDraw}"/> moves pixels,
/// <see cref="IntensityAugmentation{TDraw}"/> changes grey levels, <see cref="SampleAugmentation{TDraw}"/> changes both in place,
/// <see cref="MixingAugmentation{TDraw}"/> takes further samples.
/// </summary>
public abstract class DrawnAugmentation : Augmentation
{
    private protected DrawnAugmentation(double p)
        : base(p)
    {
    }

    /// <summary>The type of its draws: a record that prints well, compares by value, and passes through System.Text.Json unharmed.</summary>
    public abstract Type DrawType { get; }

    /// <summary>
    /// True when the draw looks at pixels or labels (<see cref="DrawContext.Sample"/>). The warp of earlier spatial steps is then done
    /// before the draw and cannot be joined with what follows: say true only where the frame is not enough.
    /// </summary>
    public virtual bool ReadsSample => false;

    /// <summary>Draws the parameters; whether it is applied at all is drawn by the pipeline.</summary>
    public abstract object Draw(ref RandomStream random, in DrawContext context);
}

/// <summary>What a draw may depend on besides chance.</summary>
/// <param name="Frame">Height and width of the sample as it will arrive.</param>
/// <param name="Others">How many further samples there are to mix with; 0 where there is no source.</param>
/// <param name="Sample">The sample itself, where <see cref="DrawnAugmentation.ReadsSample"/> asks for it; else null. Not to be changed or kept.</param>
public readonly record struct DrawContext(Frame Frame, int Others = 0, Sample? Sample = null);
