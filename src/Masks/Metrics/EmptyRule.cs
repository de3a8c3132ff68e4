namespace Osteon.Masks;

/// <summary>What a metric is worth when both masks are empty, and a ratio would be 0 / 0.</summary>
public enum EmptyRule
{
    /// <summary>Perfect, 1 or a distance of 0: nothing was there and nothing was found. The hand-bone baseline's rule, by its epsilon.</summary>
    One,

    /// <summary>The worst there is: 0, or the frame's diagonal.</summary>
    Zero,

    /// <summary>NaN, which <see cref="MaskMetrics.Mean"/> leaves out: the pair says nothing about the class.</summary>
    Skip,
}
