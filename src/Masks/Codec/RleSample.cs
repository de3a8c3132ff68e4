namespace Osteon.Masks;

/// <summary>What is known of one image while a convention is looked for.</summary>
/// <param name="Frame">The image's grid.</param>
/// <param name="Texts">Start-and-length texts of masks in it, none of them empty.</param>
public sealed record RleSample(Frame Frame, IReadOnlyList<string> Texts)
{
    /// <summary>What all the texts together should show, at least roughly; null where nobody knows.</summary>
    public Mask? Reference { get; init; }

    /// <summary>How steep the image is at each pixel, row-major; null where it is not known. Outlines follow edges.</summary>
    public byte[]? Steepness { get; init; }
}

/// <summary>Which conventions are open, and what was found.</summary>
/// <param name="Order">The scan order; null where it cannot be told.</param>
/// <param name="Base">The first pixel's number; null where it cannot be told.</param>
/// <param name="OrderBy">What decided the order, or what was tried in vain.</param>
/// <param name="BaseBy">The same of the base.</param>
public sealed record RleVerdict(ScanOrder? Order, int? Base, string OrderBy, string BaseBy)
{
    /// <summary>True when both are known.</summary>
    public bool IsDecided => Order is not null && Base is not null;
}
