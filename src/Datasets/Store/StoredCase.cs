using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Datasets;

/// <summary>A case as Convert left it.</summary>
/// <param name="Source">What the format found.</param>
/// <param name="Original">The image's own frame: truth and predictions are judged there.</param>
/// <param name="Stored">The frame of stored pixels and label words.</param>
/// <param name="Labelled">False for cases that are only predicted.</param>
public sealed record StoredCase(CaseSource Source, Frame Original, Frame Stored, bool Labelled)
{
    /// <summary>The source's id.</summary>
    public string Id => Source.Id;

    /// <summary>The part of the original that is stored; null: all of it.</summary>
    public Box? Crop { get; init; }

    /// <summary>The size that stored pixels have in the original.</summary>
    public Frame Shown => Crop?.Size ?? Original;
}
