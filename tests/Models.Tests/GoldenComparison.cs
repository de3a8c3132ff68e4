using System.Globalization;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Osteon.Models.Tests;

/// <summary>Numbers beside expected ones; all that are too far off are told at the end.</summary>
internal sealed class GoldenComparison
{
    private readonly List<string> _faults = [];

    /// <summary>Notes a fault where the difference is over the tolerance, or no number.</summary>
    public void Check(string what, double actual, double expected, double tolerance)
    {
        if (!(Math.Abs(actual - expected) <= tolerance))
        {
            _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {actual:R}, expected {expected:R} ± {tolerance:G3}"));
        }
    }

    /// <summary>A tensor's statistics and samples, within the specification's tolerances.</summary>
    /// <param name="what">Its name in faults.</param>
    /// <param name="tensor">Single precision.</param>
    /// <param name="expected">The golden file's numbers.</param>
    /// <param name="noise">How far the reference itself is off its double-precision result.</param>
    public void CheckTensor(string what, Tensor tensor, JsonObject expected, double noise)
    {
        Assert.Equal(expected["shape"]!.AsArray().Select(n => (long)n!), tensor.shape);
        var values = tensor.detach().contiguous().data<float>().ToArray();
        var (seed, mean, probe) = (GoldenNumbers.Seed("probe"), values.Average(v => (double)v), 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            probe += (double)values[i] * GoldenNumbers.Unit(i, seed);
        }

        var (std, sumabs) = ((double)expected["std"]!, (double)expected["sumabs"]!);
        Check($"{what}.mean", mean, (double)expected["mean"]!, 2e-5 * sumabs / values.Length);
        Check($"{what}.std", Math.Sqrt(values.Average(v => (v - mean) * (v - mean))), std, 2e-4 * std);
        Check($"{what}.sumabs", values.Sum(v => Math.Abs((double)v)), sumabs, 2e-5 * sumabs);
        Check($"{what}.probe", probe, (double)expected["probe"]!, 2e-5 * sumabs);
        var tolerance = (2e-4 * std) + (10 * noise);
        Check($"{what}.min", values.Min(), (double)expected["min"]!, tolerance);
        Check($"{what}.max", values.Max(), (double)expected["max"]!, tolerance);
        foreach (var sample in expected["samples"]!.AsArray())
        {
            var index = (int)sample![0]!;
            Check($"{what}[{index}]", values[index], (double)sample[1]!, tolerance);
        }
    }

    /// <summary>Fails the test with every fault.</summary>
    public void Finish() => Assert.True(_faults.Count == 0, string.Join(Environment.NewLine, _faults));
}
