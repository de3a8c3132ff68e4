using System.Globalization;
using Osteon.Abstractions;

namespace Osteon.Runner.Tests;

public sealed class TpeSweepTests : IDisposable
{
    private readonly ExperimentFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Begins_with_the_points_that_random_would_try_and_is_the_same_again()
    {
        var space = Hills();
        var points = Search(new TpeSweep { Points = 24, NStartupTrials = 8 }, space, Height, seed: 7);
        Assert.Equal(Search(new RandomSweep { Points = 8 }, space, Height, seed: 7), points.Take(8));
        Assert.Equal(points, Search(new TpeSweep { Points = 24, NStartupTrials = 8 }, space, Height, seed: 7));
        Assert.NotEqual(points, Search(new TpeSweep { Points = 24, NStartupTrials = 8 }, space, Height, seed: 8));
        Assert.Equal(24, points.Distinct().Count());
        Assert.All(points, p => Assert.InRange(Number(p, 0), 1e-5, 1));
        Assert.All(points, p => Assert.InRange(Number(p, 1), 1, 64));
    }

    [Fact]
    public void A_wider_search_goes_on_where_a_narrower_one_ended()
    {
        var space = Hills();
        Assert.Equal(Search(new TpeSweep { Points = 15 }, space, Height, seed: 3), Search(new TpeSweep { Points = 20 }, space, Height, seed: 3).Take(15));
    }

    [Fact]
    public void Scores_are_needed_behind_the_start_alone()
    {
        var strategy = new TpeSweep { NStartupTrials = 10 };
        Assert.Equal([false, false, true], new[] { 0, 9, 10 }.Select(strategy.NeedsScores));
    }

    // A hill whose top is at lr 10^-2.5, depth 40, kind b; 0 is best. Twenty searches, so that luck cancels out.
    [Fact]
    public void Comes_nearer_to_the_best_than_chance_does()
    {
        var space = Hills();
        var (tpe, random) = (0.0, 0.0);
        for (var seed = 0; seed < 20; seed++)
        {
            tpe += Search(new TpeSweep { Points = 40 }, space, Height, seed).Max(Height) / 20;
            random += Search(new RandomSweep { Points = 40 }, space, Height, seed).Max(Height) / 20;
        }

        TestContext.Current.SendDiagnosticMessage($"best of 40, mean of 20 searches: TPE {tpe:F4}, random {random:F4}");
        Assert.InRange(tpe, random / 2, 0);                         // at most half as far away
    }

    [Fact]
    public void Turns_away_from_what_fails()
    {
        var points = Search(new TpeSweep { Points = 50 }, Hills(), p => p.Values[2].Value == "\"a\"" ? double.NaN : Height(p), seed: 1);
        Assert.InRange(points.Skip(10).Count(p => p.Values[2].Value == "\"a\""), 0, 6);         // a third of 40 by chance
    }

    [Fact]
    public void Ends_with_a_small_space() =>
        Assert.Equal(3, Search(new TpeSweep { Points = 50, NStartupTrials = 1 }, Space("{train.epochs: [1, 2, 3]}"), p => Number(p, 0), seed: 1).Count);

    [Theory]
    [InlineData(new double[0])]
    [InlineData(new[] { 0.0, 0.01, 0.02, 3.0 })]
    [InlineData(new[] { 4.0, 4.0, -1.0 })]
    public void A_window_is_a_density(double[] observed)
    {
        var window = new ParzenWindow(observed, -1, 4);
        const int Cells = 200_000;
        var sum = Enumerable.Range(0, Cells).Sum(i => Math.Exp(window.LogDensity(-1 + ((i + 0.5) * 5 / Cells)))) * 5 / Cells;
        Assert.Equal(1, sum, 1e-6);
        Assert.Equal(0, window.LogMass(-1, 4), 1e-9);
        var part = Enumerable.Range(0, Cells).Sum(i => Math.Exp(window.LogDensity(0.5 + ((i + 0.5) * 1.5 / Cells)))) * 1.5 / Cells;
        Assert.Equal(Math.Log(part), window.LogMass(0.5, 2), 1e-6);

        // What is drawn falls there as often: 4000 draws, within four standard deviations.
        var random = RandomStream.For(5, "window");
        var inside = Enumerable.Range(0, 4000).Count(_ => window.Draw(ref random) is >= 0.5 and < 2);
        Assert.InRange(inside / 4000.0, part - 0.032, part + 0.032);
    }

    [Fact]
    public void Its_kernels_are_as_wide_as_the_gap_to_their_neighbours_within_bounds()
    {
        double Wide(double x) => Kernel(x, 1, 2);
        var window = new ParzenWindow([1.5], 0, 2);
        // Kernels at 1, the wide one (deviation 2), and at 1.5: gaps of 0.5 to both sides, but none is narrower than a third of the interval.
        double Kernel(double x, double mean, double deviation) =>
            Math.Exp(-0.5 * Math.Pow((x - mean) / deviation, 2)) / (deviation * Math.Sqrt(2 * Math.PI) * (NormalQuantiles.Below((2 - mean) / deviation) - NormalQuantiles.Below(-mean / deviation)));
        Assert.Equal((Wide(1.5) + Kernel(1.5, 1.5, 2.0 / 3)) / 2, Math.Exp(window.LogDensity(1.5)), 1e-12);
        Assert.Equal((Wide(0.2) + Kernel(0.2, 1.5, 2.0 / 3)) / 2, Math.Exp(window.LogDensity(0.2)), 1e-12);

        // Four kernels: 0.1 (gap 0.8 to 0.9), 0.9 (0.8), 1, 1.5 (0.5), none narrower than 0.4.
        window = new ParzenWindow([0.9, 1.5, 0.1], 0, 2);
        Assert.Equal((Wide(0.5) + Kernel(0.5, 0.1, 0.8) + Kernel(0.5, 0.9, 0.8) + Kernel(0.5, 1.5, 0.5)) / 4, Math.Exp(window.LogDensity(0.5)), 1e-12);
    }

    // Tables of the normal distribution.
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.8413447460685429)]
    [InlineData(-1.959963984540054, 0.025)]
    [InlineData(3, 0.9986501019683699)]
    [InlineData(-40, 0)]
    [InlineData(40, 1)]
    public void The_normal_distribution_below(double x, double p) => Assert.Equal(p, NormalQuantiles.Below(x), 1e-14);

    [Theory]
    [InlineData("val_dice", null, MetricMode.Max)]
    [InlineData("val_hd95", null, MetricMode.Min)]
    [InlineData("lowest_val_loss", null, MetricMode.Min)]
    [InlineData("val_recall", MetricMode.Min, MetricMode.Min)]
    public void A_goal_is_sought_the_way_it_is_meant(string metric, MetricMode? mode, MetricMode sought) =>
        Assert.Equal(sought, SweepGoal.Of(new SweepPlan { Metric = metric, Mode = mode }).Mode);

    private static double Height(SweepPoint point) =>
        -Math.Pow(Math.Log10(Number(point, 0)) + 2.5, 2) - Math.Pow((Number(point, 1) - 40) / 20, 2) - (point.Values[2].Value == "\"b\"" ? 0 : 1);

    private static double Number(SweepPoint point, int key) => double.Parse(point.Values[key].Value, CultureInfo.InvariantCulture);

    private SweepSpace Hills() => Space("{train.optimizer.AdamW.lr: {low: 1e-5, high: 1, log: true}, train.repeat: {low: 1, high: 64, whole: true}, train.sampler: [a, b, c]}");

    private SweepSpace Space(string over)
    {
        _folder.Write("e.yaml", "extends: base.yaml\nsweep: {over: " + over + "}");
        return SweepSpace.Of(_folder.Load());
    }

    private static List<SweepPoint> Search(SweepStrategy strategy, SweepSpace space, Func<SweepPoint, double> score, long seed)
    {
        List<SweepTrial> trials = [];
        while (strategy.Propose(space, trials, seed) is { } point)
        {
            trials.Add(new SweepTrial(point, score(point)));
        }

        return [.. trials.Select(t => t.Point)];
    }
}
