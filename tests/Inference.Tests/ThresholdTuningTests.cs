using Osteon.Abstractions;

namespace Osteon.Inference.Tests;

public sealed class ThresholdTuningTests
{
    private static readonly double[] Candidates = [0.3, 0.5, 0.7];

    [Fact]
    public void Takes_a_threshold_that_every_group_agrees_on()
    {
        var tuned = Assert.Single(Tune(("a", [0.9, 0.8, 0.7]), ("b", [0.8, 0.7, 0.6]), ("c", [0.85, 0.74, 0.6])));
        Assert.True(tuned.Tuned);
        Assert.Equal(0.3, tuned.Threshold);
        Assert.Equal(0.31 / 3, tuned.Gain, precision: 12);          // (0.1 + 0.1 + 0.11) / 3
        Assert.Equal(tuned.Gain, tuned.NestedGain, precision: 12);
    }

    [Fact]
    public void Keeps_the_standard_where_only_one_group_gains()
    {
        // Over all cases 0.3 is best: 0.05 a case. Without group a, 0.5 is, and a is judged at it: nothing is gained, and b and c lose.
        var tuned = Assert.Single(Tune(("a", [0.95, 0.7, 0.6]), ("b", [0.75, 0.8, 0.6]), ("c", [0.75, 0.8, 0.6])));
        Assert.Equal(0.3, tuned.Best);
        Assert.Equal(0.05, tuned.Gain, precision: 12);
        Assert.Equal(-0.1 / 3, tuned.NestedGain, precision: 12);
        Assert.False(tuned.Tuned);
        Assert.Equal(0.5, tuned.Threshold);
    }

    [Fact]
    public void Cannot_check_one_group_and_so_keeps_the_standard() => Assert.Equal(0.5, Assert.Single(Tune(("a", [0.9, 0.8, 0.7]))).Threshold);

    [Fact]
    public void Does_not_find_what_is_not_there()
    {
        // Noise about one level: in-sample some candidate always gains; the nested check lets few classes of sixty-four through.
        var random = RandomStream.For(4, "noise");
        var candidates = ThresholdTuning.Candidates(0.5);
        var curves = Enumerable.Range(0, 40).Select(i => new ThresholdCurve($"{i}", $"fold {i % 5}",
            [.. Enumerable.Range(0, 64).Select(_ => (IReadOnlyList<double>)[.. candidates.Select(_ => 0.8 + (0.05 * random.NextGaussian()))])])).ToArray();
        var tuned = ThresholdTuning.Of([.. Enumerable.Range(0, 64).Select(k => $"{k}")], candidates, 0.5, curves);
        Assert.True(tuned.Average(t => t.Gain) > 0.01, "in-sample gains are an illusion of choosing");
        Assert.True(Math.Abs(tuned.Average(t => t.NestedGain)) < 0.004, "which the nested check takes away");
        Assert.True(tuned.Count(t => t.Tuned) < 20);
    }

    private static IReadOnlyList<TunedThreshold> Tune(params (string Group, double[] Dice)[] cases) =>
        ThresholdTuning.Of(["bone"], Candidates, 0.5, [.. cases.Select((c, i) => new ThresholdCurve($"{i}", c.Group, [c.Dice]))]);
}
