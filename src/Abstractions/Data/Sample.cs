using Osteon.Masks;

namespace Osteon.Abstractions;

/// <summary>What an augmentation moves together: an image and its label words, in one frame.</summary>
public sealed record Sample(Image Image, LabelMap Labels)
{
    /// <summary>
    /// The labels of a second image that was mixed into this one, in the same frame and classes; null where none was. They move with the
    /// first; the loader makes soft targets of both: (1 − share) · labels + share · second, a class plane each.
    /// </summary>
    public LabelMap? Second { get; init; }

    /// <summary>The second image's share of the mixture, in [0, 1]; 0 where there is none.</summary>
    public double SecondShare { get; init; }
}
