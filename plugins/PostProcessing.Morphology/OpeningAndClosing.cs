using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.PostProcessing.Morphology;

/// <summary>Options of everything that moves an element over the mask.</summary>
public abstract record MorphologyOptions : PostProcessorOptions
{
    /// <summary>Side of the element in pixels of the original image.</summary>
    [Range(1, Imaging.Morphology.LargestElement)]
    public int Size { get; init; } = 3;

    /// <summary>rect, cross or ellipse, as cv2.getStructuringElement makes them.</summary>
    public ElementShape Shape { get; init; }

    /// <summary>How often each step is done.</summary>
    [Range(1, 100)]
    public int Iterations { get; init; } = 1;
}

/// <summary>Options of Opening.</summary>
public sealed record OpeningOptions : MorphologyOptions;

/// <summary>Takes away what is thinner than the element: specks, and bridges between parts.</summary>
/// <remarks>cv2.morphologyEx with MORPH_OPEN.</remarks>
[PostProcessor("Opening")]
public sealed class Opening(OpeningOptions options) : ClassPostProcessor(options.Checked())
{
    /// <inheritdoc/>
    protected override Mask Process(Mask mask) => Imaging.Morphology.Apply(mask, MorphologyOperation.Open, options.Shape, options.Size, options.Iterations);
}

/// <summary>Options of Closing.</summary>
public sealed record ClosingOptions : MorphologyOptions;

/// <summary>Fills what is thinner than the element: cracks, and gaps between parts.</summary>
/// <remarks>cv2.morphologyEx with MORPH_CLOSE.</remarks>
[PostProcessor("Closing")]
public sealed class Closing(ClosingOptions options) : ClassPostProcessor(options.Checked())
{
    /// <inheritdoc/>
    protected override Mask Process(Mask mask) => Imaging.Morphology.Apply(mask, MorphologyOperation.Close, options.Shape, options.Size, options.Iterations);
}
