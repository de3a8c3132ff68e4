using System.Globalization;
using Osteon.Abstractions;

namespace Osteon.Runner.Tests;

public sealed class SweepStrategyTests : IDisposable
{
    private readonly ExperimentFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_grid_tries_every_combination_once_the_last_key_fastest()
    {
        var points = All(new GridSweep(), Space("{train.epochs: [1, 2], train.batch_size: [2, 4, 8]}"));
        Assert.Equal(["epochs=1,batch_size=2", "epochs=1,batch_size=4", "epochs=1,batch_size=8", "epochs=2,batch_size=2", "epochs=2,batch_size=4", "epochs=2,batch_size=8"], points.Select(p => p.Label));
        Assert.Equal(["train.epochs=2", "train.batch_size=8"], points[^1].Set);
    }

    [Fact]
    public void Random_points_stay_in_their_ranges_differ_and_are_the_same_again()
    {
        var space = Space("{train.optimizer.AdamW.lr: {low: 1e-4, high: 1e-2, log: true}, train.epochs: {low: 2, high: 8, whole: true}, train.crop: [64, 96]}");
        var points = All(new RandomSweep { Points = 200 }, space);
        Assert.Equal(points, All(new RandomSweep { Points = 200 }, space));
        Assert.Equal(200, points.Distinct().Count());
        var rates = points.Select(p => Number(p, 0)).ToArray();
        Assert.All(rates, rate => Assert.InRange(rate, 1e-4, 1e-2));
        Assert.InRange(rates.Count(rate => rate < 1e-3), 80, 120);  // half of the orders of magnitude: 100 ± 3 standard deviations of 7
        Assert.Equal([2, 3, 4, 5, 6, 7, 8], points.Select(p => (int)Number(p, 1)).Distinct().Order());
        Assert.NotEqual(points, All(new RandomSweep { Points = 200 }, space, seed: 8));
    }

    [Fact]
    public void More_points_begin_with_the_fewer_so_that_a_wider_sweep_trains_only_what_is_new()
    {
        var space = Space("{train.epochs: {low: 1, high: 1000, whole: true}}");
        Assert.Equal(All(new RandomSweep { Points = 5 }, space), All(new RandomSweep { Points = 9 }, space).Take(5));
    }

    [Fact]
    public void A_small_space_ends_before_its_points_do() => Assert.Equal(2, All(new RandomSweep { Points = 50 }, Space("{train.epochs: [1, 2]}")).Count);

    [Fact]
    public void A_grid_refuses_a_range() => Assert.Contains("is a range, of which a grid cannot try all",
        Assert.Throws<ConfigurationException>(() => All(new GridSweep(), Space("{train.epochs: {low: 1, high: 2}}"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{train.epochs: 3}", "experiments/e.yaml(2,30): sweep.over.train.epochs: expected a list of values")]
    [InlineData("{train.epochs: [1, 1.0]}", "experiments/e.yaml(2,16): sweep.over.train.epochs: has a value twice: 1, 1.")]
    [InlineData("{train.epochs: {low: 3, high: 2}}", "experiments/e.yaml(2,16): sweep.over.train.epochs: [3, 2] is no range")]
    [InlineData("{train.epochs: {low: 0, high: 2, log: true}}", "experiments/e.yaml(2,16): sweep.over.train.epochs: [0, 2] is no range; expected low < high, and 0 < low for log.")]
    [InlineData("{train.epochs: {low: 0, hihg: 2}}", "experiments/e.yaml(2,16): sweep.over.train.epochs.hihg is unknown; nearest is 'high'")]
    [InlineData("{sweep.metric: [a, b]}", "experiments/e.yaml(2,16): sweep.over.sweep.metric: cannot be tried")]
    [InlineData("{}", "experiments/e.yaml: has no sweep.over.")]
    public void Says_what_is_wrong_with_a_space(string over, string fault) =>
        Assert.StartsWith(fault, Assert.ThrowsAny<ConfigurationException>(() => Space(over)).Faults[0], StringComparison.Ordinal);

    [Theory]
    [InlineData("train.loss[1].Dice.weight=5", 5, 2)]
    [InlineData("train.loss[0]={Dice: 3}", 1, 2)]
    public void A_value_in_a_list_is_set_by_its_place(string set, double weight, int count)
    {
        _folder.Write("e.yaml", "extends: base.yaml\ntrain: {loss: [BCE: 2, Dice: 1]}");
        var losses = _folder.Load("e", set).Plan.Train.Loss;
        Assert.Equal(count, losses.Count);
        Assert.Equal(weight, losses[1].Weight.At(1));
        Assert.Equal(set.StartsWith("train.loss[0]", StringComparison.Ordinal) ? "Dice" : "BCE", losses[0].Name);
    }

    [Theory]
    [InlineData("train.loss[2]=Dice", "train.loss has 2 items, counted from 0, and none is '[2]'.")]
    [InlineData("train.augment[0]=HorizontalFlip", "train.augment is no list that the experiment writes.")]
    [InlineData("train.loss[x]=Dice", "train.loss has 2 items")]
    [InlineData("train.loss[=Dice", "train.loss has 2 items")]
    public void A_place_that_is_not_there_is_refused(string set, string fault)
    {
        _folder.Write("e.yaml", "extends: base.yaml\ntrain: {loss: [BCE: 2, Dice: 1]}");
        Assert.Contains(fault, Assert.ThrowsAny<ConfigurationException>(() => _folder.Load("e", set)).Faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_point_writes_only_what_it_does_not_share()
    {
        var (path, guard) = (Path.Combine(_folder.Root, "e.lock.json"), Path.Combine(_folder.Root, "guard"));
        var shared = new LockEntry("aaaa", [], "out", new Dictionary<string, double>());
        new ExperimentLock(path, guard).Set("Convert", shared);
        var point = new ExperimentLock(path, guard, "lr=0.1");
        point.Set("Convert", shared);
        point.Set("Train[model=u,fold=0]", shared with { Key = "bbbb" });
        Assert.Equal(["Convert", "Train[lr=0.1,model=u,fold=0]"], new ExperimentLock(path, guard).Entries.Keys);
        Assert.Equal("aaaa", point["Convert"]!.Key);
        Assert.Equal("bbbb", point["Train[model=u,fold=0]"]!.Key);
        Assert.Null(new ExperimentLock(path, guard)["Train[model=u,fold=0]"]);
    }

    private SweepSpace Space(string over)
    {
        _folder.Write("e.yaml", $"extends: base.yaml\nsweep: {{over: {over}}}");
        return SweepSpace.Of(_folder.Load());
    }

    private static List<SweepPoint> All(SweepStrategy strategy, SweepSpace space, long seed = 7)
    {
        List<SweepTrial> trials = [];
        while (strategy.Propose(space, trials, seed) is { } point)
        {
            trials.Add(new SweepTrial(point, double.NaN));
        }

        return [.. trials.Select(t => t.Point)];
    }

    private static double Number(SweepPoint point, int axis) => double.Parse(point.Values[axis].Value, CultureInfo.InvariantCulture);
}
