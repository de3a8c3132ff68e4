namespace Osteon.Inference;

/// <summary>Where windows begin along one axis of an image, and what each counts at each of its pixels.</summary>
/// <remarks>
/// nnU-Net's places: as many as the overlap asks for, the first at the beginning and the last at the end, evenly between. Weights are a
/// Gaussian around the window's middle with a standard deviation of an eighth of the window, and all windows over a pixel add up to 1:
/// Isensee et al. 2021, doi:10.1038/s41592-020-01008-z.
/// </remarks>
internal sealed class WindowAxis
{
    private WindowAxis(int window, IReadOnlyList<int> starts, IReadOnlyList<float[]> weights) => (Window, Starts, Weights) = (window, starts, weights);

    /// <summary>Pixels of a window.</summary>
    public int Window { get; }

    /// <summary>The first pixel of each, ascending.</summary>
    public IReadOnlyList<int> Starts { get; }

    /// <summary>Each window's share of its pixels that lie in the image.</summary>
    public IReadOnlyList<float[]> Weights { get; }

    /// <summary>Places windows.</summary>
    /// <param name="length">Pixels of the image.</param>
    /// <param name="window">Pixels of a window; where the image has fewer there is one, which reaches over its end.</param>
    /// <param name="overlap">Share of a window that the next one covers too, at least, in [0, 1).</param>
    public static WindowAxis Of(int length, int window, double overlap)
    {
        var starts = Places(length, window, overlap);
        var profile = Profile(window);
        var sum = new double[length];
        foreach (var start in starts)
        {
            for (var i = 0; i < Math.Min(window, length - start); i++)
            {
                sum[start + i] += profile[i];
            }
        }

        return new WindowAxis(window, starts, [.. starts.Select(start => Enumerable.Range(0, Math.Min(window, length - start)).Select(i => (float)(profile[i] / sum[start + i])).ToArray())]);
    }

    /// <summary>A Gaussian of deviation window / 8 around the middle; the window's ends are four deviations away.</summary>
    public static double[] Profile(int window)
    {
        var (middle, sigma) = ((window - 1) / 2.0, window / 8.0);
        return [.. Enumerable.Range(0, window).Select(i => Math.Exp(-(i - middle) * (i - middle) / (2 * sigma * sigma)))];
    }

    private static int[] Places(int length, int window, double overlap)
    {
        if (length <= window)
        {
            return [0];
        }

        var count = (int)Math.Ceiling((length - window) / Math.Max(1, window * (1 - overlap))) + 1;
        var step = (double)(length - window) / (count - 1);
        return [.. Enumerable.Range(0, count).Select(i => (int)Math.Round(step * i))];
    }
}
