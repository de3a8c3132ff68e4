using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Plugins.Augmentations.Spatial;

namespace Osteon.Augmentations.Tests;

/// <summary>What is drawn has the distribution that the reference's formula has, where the way of drawing is another.</summary>
public sealed class DistributionTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(12, false)]
    [InlineData(30, false)]
    [InlineData(30, true)]
    public void An_elastic_field_is_as_wide_as_smoothed_noise(double sigma, bool uniform)
    {
        var (frame, alpha, squares, fields) = (new Frame(200, 240), 1000.0, 0.0, 24);
        var elastic = new ElasticTransform(new ElasticTransformOptions { Alpha = alpha, Sigma = sigma, NoiseDistribution = uniform ? NoiseDistribution.Uniform : NoiseDistribution.Gaussian });
        var (x, y) = (new float[frame.Area], new float[frame.Area]);
        for (var key = 0ul; key < (ulong)fields; key++)
        {
            var field = (GridField)elastic.Map(key, frame);
            field.Fill(x, y, new Workspace());
            for (var i = 0; i < frame.Area; i++)
            {
                var (across, down) = (x[i] - (i % frame.Width), y[i] - (i / frame.Width));
                squares += (across * across) + (down * down);
            }
        }

        var largest = uniform ? 1 : 4.55;                           // of 96,000 normal numbers, on average
        var expected = alpha / largest * Math.Sqrt(Narrowed(frame.Height, sigma) * Narrowed(frame.Width, sigma)) * (uniform ? Math.Sqrt(1 / 3.0) : 1);
        var found = Math.Sqrt(squares / (2.0 * fields * frame.Area));
        Assert.InRange(found / expected, 0.85, 1.15);               // few waves fit into the frame: a tenth is chance
    }

    // The mean variance along an axis of noise of variance 1 that is smoothed by a bell, its last value repeated beyond the edges.
    private static double Narrowed(int length, double sigma)
    {
        var (reach, sum) = ((int)Math.Ceiling(4 * sigma), 0.0);
        var bell = Enumerable.Range(-reach, (2 * reach) + 1).Select(k => Math.Exp(-0.5 * k * k / (sigma * sigma))).ToArray();
        var total = bell.Sum();
        for (var at = 0; at < length; at++)
        {
            var weights = new double[length];
            for (var k = -reach; k <= reach; k++)
            {
                weights[Math.Clamp(at + k, 0, length - 1)] += bell[k + reach] / total;
            }

            sum += weights.Sum(w => w * w);
        }

        return sum / length;
    }

    [Fact]
    public void Quantiles_of_the_normal_distribution_agree_with_published_ones()
    {
        Assert.Equal(-1.959963984540054, NormalQuantiles.At(0.025), 1e-12);
        Assert.Equal(1.2815515655446004, NormalQuantiles.At(0.9), 1e-12);
        Assert.Equal(-4.753424308822899, NormalQuantiles.At(1e-6), 1e-9);
        Assert.Equal(0.0, NormalQuantiles.At(0.5), 1e-15);
    }

    [Fact]
    public void Points_are_drawn_as_far_as_the_options_say()
    {
        var random = RandomStream.For(2, "points");
        var spline = new ThinPlateSpline(new ThinPlateSplineOptions { ScaleRange = new Interval(0.3, 0.3) });
        var ways = Enumerable.Range(0, 400).SelectMany(_ => ((DrawnNumbers)spline.Draw(ref random, new DrawContext(new Frame(50, 50)))).Values).ToArray();
        Assert.Equal(0.03, Math.Sqrt(ways.Average(w => w * w)), 0.0009);        // 12800 numbers: 4.7 standard errors
    }
}
