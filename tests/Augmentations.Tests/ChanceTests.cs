using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Plugins.Augmentations.Basic;
using Osteon.Plugins.Augmentations.Intensity;
using Osteon.Plugins.Augmentations.Spatial;

namespace Osteon.Augmentations.Tests;

public sealed class ChanceTests
{
    [Fact]
    public void Half_the_samples_are_flipped_by_default()
    {
        var random = RandomStream.For(11, "half");
        var (sample, flipped, pipeline) = (Golden.Sample(8, 8), 0, new AugmentationPipeline([new HorizontalFlip(new FlipOptions())]));
        for (var i = 0; i < 4000; i++)
        {
            flipped += ReferenceEquals(pipeline.Run(sample, random.At(i), new Workspace()), sample) ? 0 : 1;
        }

        Assert.InRange(flipped, 1850, 2150);                        // 2000 ± 4.7 standard deviations
    }

    [Fact]
    public void Values_out_of_range_are_refused_with_what_is_allowed()
    {
        Assert.Contains("p 1.5 is outside [0, 1]", Refusal(() => new HorizontalFlip(new FlipOptions { P = 1.5 })), StringComparison.Ordinal);
        Assert.Contains("limit [30, -30]", Refusal(() => new Rotate(new RotateOptions { Limit = new(30, -30) })), StringComparison.Ordinal);
        Assert.Contains("low ≤ high, both in [-360, 360]", Refusal(() => new Rotate(new RotateOptions { Limit = new(double.NaN, 1) })), StringComparison.Ordinal);
        Assert.Contains("reflect_101", Refusal(() => new Rotate(new RotateOptions { BorderMode = "mirror" })), StringComparison.Ordinal);
        Assert.Contains("gamma_limit", Refusal(() => new RandomGamma(new RandomGammaOptions { GammaLimit = new(0, 120) })), StringComparison.Ordinal);
        Assert.Contains("compat", Refusal(() => new GaussNoise(new GaussNoiseOptions { Compat = "3.x" })), StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_of_the_options_are_told_at_once()
    {
        var refusal = Assert.Throws<ConfigurationException>(() => new GaussNoise(new GaussNoiseOptions { StdRange = new(10, 50), NoiseScaleFactor = 0, P = -1 }));
        Assert.Equal(3, refusal.Faults.Count);
    }

    private static string Refusal(Func<Augmentation> build) => Assert.Throws<ConfigurationException>(build).Message;
}
