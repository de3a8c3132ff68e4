using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Mixing;

/// <summary>The beta distribution with both parameters equal: shares around one half, or towards 0 and 1 where the parameter is below 1.</summary>
internal static class Beta
{
    /// <summary>A share in [0, 1].</summary>
    /// <param name="random">The stream.</param>
    /// <param name="parameter">Above 0.</param>
    public static double Draw(ref RandomStream random, double parameter)
    {
        // As logarithms: a small parameter makes numbers that no double holds.
        var (a, b) = (LogGamma(ref random, parameter), LogGamma(ref random, parameter));
        return 1 / (1 + Math.Exp(b - a));
    }

    // Marsaglia, Tsang 2000, doi:10.1145/358407.358414; below 1 by their boost.
    private static double LogGamma(ref RandomStream random, double shape)
    {
        if (shape < 1)
        {
            return LogGamma(ref random, shape + 1) + (Math.Log(1 - random.NextDouble()) / shape);
        }

        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = random.NextGaussian();
            var v = 1 + (c * x);
            if (v <= 0)
            {
                continue;
            }

            v *= v * v;
            if (Math.Log(1 - random.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return Math.Log(d * v);
            }
        }
    }
}
