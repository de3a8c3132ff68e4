using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Intensity;

/// <summary>
/// Other distributions as tables, like <see cref="NormalQuantiles"/>: entry i is the quantile at (i + ½) / 65536.
/// </summary>
internal static class Quantiles
{
    public const int Count = NormalQuantiles.Count;

    private static readonly Lazy<float[]> LazyLaplace = new(() => Table(p => p < 0.5 ? Math.Log(2 * p) : -Math.Log(2 * (1 - p))));
    private static readonly Lazy<float[]> LazyUniform = new(() => Table(p => p));

    /// <summary>Mean 0, scale 1.</summary>
    public static ReadOnlySpan<float> Laplace => LazyLaplace.Value;

    /// <summary>In (0, 1).</summary>
    public static ReadOnlySpan<float> Uniform => LazyUniform.Value;

    /// <summary>The beta distribution, in [0, 1], written into a table.</summary>
    public static void Beta(double alpha, double beta, Span<float> table)
    {
        // With x = sin²(t) the density is 2 sin(t)^(2α−1) cos(t)^(2β−1): milder at its ends than in x. Its sum, and that inverted.
        const int Steps = 1 << 14;
        Span<double> sums = new double[Steps + 1];
        for (var i = 0; i < Steps; i++)
        {
            var (sin, cos) = Math.SinCos((i + 0.5) * (Math.PI / 2 / Steps));
            sums[i + 1] = sums[i] + (Math.Pow(sin, (2 * alpha) - 1) * Math.Pow(cos, (2 * beta) - 1));
        }

        var step = 0;
        for (var i = 0; i < table.Length; i++)
        {
            var wanted = (i + 0.5) / table.Length * sums[Steps];
            while (step < Steps - 1 && sums[step + 1] < wanted)
            {
                step++;
            }

            var share = (wanted - sums[step]) / Math.Max(sums[step + 1] - sums[step], double.Epsilon);
            var sin = Math.Sin((step + Math.Clamp(share, 0, 1)) * (Math.PI / 2 / Steps));
            table[i] = (float)(sin * sin);
        }
    }

    private static float[] Table(Func<double, double> quantile)
    {
        var table = new float[Count];
        for (var i = 0; i < Count; i++)
        {
            table[i] = (float)quantile((i + 0.5) / Count);
        }

        return table;
    }
}
