namespace Osteon.Masks;

/// <summary>Consecutive set pixels in row-major order; 0-based. Base 1 and column order exist only at a file's edge.</summary>
/// <param name="Start">Linear index of the first pixel, row × width + column.</param>
/// <param name="Length">Number of pixels, at least 1. A run may continue past the end of a row.</param>
public readonly record struct Run(int Start, int Length)
{
    /// <summary>The first index after the run.</summary>
    public int End => Start + Length;
}
