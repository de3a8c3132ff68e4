using Osteon.Masks;

namespace Osteon.Models;

/// <summary>How the pixels of a window lie to each other.</summary>
public static class RelativePositions
{
    /// <summary>How many ways two pixels of a window can lie to each other.</summary>
    public static int Count(Frame window) => ((2 * window.Height) - 1) * ((2 * window.Width) - 1);

    /// <summary>For each pair of pixels, row-major, the number of the way they lie to each other: rows apart first, then columns, from the most above and left.</summary>
    public static long[] Index(Frame window)
    {
        var (height, width) = (window.Height, window.Width);
        var pixels = Enumerable.Range(0, height * width).Select(pixel => (Row: pixel / width, Column: pixel % width)).ToArray();
        return [.. from first in pixels
                   from second in pixels
                   select ((long)(first.Row - second.Row + height - 1) * ((2 * width) - 1)) + first.Column - second.Column + width - 1];
    }

    /// <summary>For each way, in the order of <see cref="Index"/>, rows and columns apart on a scale of logarithms: sign · ln(1 + |apart|).</summary>
    /// <remarks>Liu et al. 2022, arXiv:2111.09883, equation 4, without its normalisation.</remarks>
    public static float[] Logarithms(Frame window)
    {
        static float Scaled(int apart) => Math.Sign(apart) * MathF.Log(1 + Math.Abs(apart));
        return [.. from row in Enumerable.Range(1 - window.Height, (2 * window.Height) - 1)
                   from column in Enumerable.Range(1 - window.Width, (2 * window.Width) - 1)
                   from place in (float[])[Scaled(row), Scaled(column)]
                   select place];
    }
}
