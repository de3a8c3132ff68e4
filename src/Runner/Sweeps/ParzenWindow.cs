using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>
/// A density over an interval from a few observations: a normal distribution around each, cut off at the ends, and a wide one in the middle
/// that stands for knowing nothing; all weigh the same.
/// </summary>
/// <remarks>
/// Bergstra, Bardenet, Bengio, Kégl 2011, Algorithms for Hyper-Parameter Optimization, NeurIPS 24, section 4: each deviation is the greater of the
/// distances to the neighbours, kept from becoming very small or large.
/// </remarks>
public sealed class ParzenWindow
{
    private const double Least = 1e-12;
    private const int MostKernels = 100;
    private readonly double _low, _high;
    private readonly (double Mean, double Deviation, double Below, double Mass)[] _kernels;

    /// <summary>A density.</summary>
    /// <param name="observed">Within the interval; none leaves the wide one alone.</param>
    /// <param name="low">Where the interval begins.</param>
    /// <param name="high">Where it ends, above that.</param>
    public ParzenWindow(IEnumerable<double> observed, double low, double high)
    {
        (_low, _high) = (low, high);
        var (middle, range) = ((low + high) / 2, high - low);
        double[] means = [.. observed.Append(middle).Order()];
        var wide = Array.IndexOf(means, middle);
        var narrowest = range / Math.Min(MostKernels, means.Length + 1);
        _kernels = new (double, double, double, double)[means.Length];
        for (var i = 0; i < means.Length; i++)
        {
            var left = means[i] - (i > 0 ? means[i - 1] : low);
            var right = (i < means.Length - 1 ? means[i + 1] : high) - means[i];
            var deviation = i == wide ? range : Math.Clamp(Math.Max(left, right), narrowest, range);
            var below = NormalQuantiles.Below((low - means[i]) / deviation);
            _kernels[i] = (means[i], deviation, below, NormalQuantiles.Below((high - means[i]) / deviation) - below);
        }
    }

    /// <summary>A number by this density.</summary>
    public double Draw(ref RandomStream random)
    {
        var (mean, deviation, below, mass) = _kernels[random.NextInt(_kernels.Length)];
        var p = Math.Clamp(below + (mass * random.NextDouble()), Least, 1 - Least);
        return Math.Clamp(mean + (deviation * NormalQuantiles.At(p)), _low, _high);
    }

    /// <summary>The logarithm of the density at a number.</summary>
    public double LogDensity(double x)
    {
        var sum = 0.0;
        foreach (var (mean, deviation, _, mass) in _kernels)
        {
            var z = (x - mean) / deviation;
            sum += Math.Exp(-0.5 * z * z) / (deviation * Math.Sqrt(2 * Math.PI) * mass);
        }

        return Math.Log(Math.Max(sum / _kernels.Length, Least));
    }

    /// <summary>The logarithm of the probability between two numbers.</summary>
    public double LogMass(double from, double to)
    {
        var sum = 0.0;
        foreach (var (mean, deviation, _, mass) in _kernels)
        {
            sum += (NormalQuantiles.Below((Math.Min(to, _high) - mean) / deviation) - NormalQuantiles.Below((Math.Max(from, _low) - mean) / deviation)) / mass;
        }

        return Math.Log(Math.Max(sum / _kernels.Length, Least));
    }
}
