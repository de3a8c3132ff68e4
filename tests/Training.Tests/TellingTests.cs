using Osteon.Abstractions;

namespace Osteon.Training.Tests;

/// <summary>What a run in MLflow hears of a training.</summary>
public sealed class TellingTests : IDisposable
{
    private readonly Discs _discs = new();

    public void Dispose() => _discs.Dispose();

    [Fact]
    public void Every_epoch_is_told_of_by_class_too_and_overlaps_agree()
    {
        var heard = new Heard();
        Trainer.Fit(_discs.Job() with { Log = heard, Validation = [_discs.Store.Cases[7]] }, TestContext.Current.CancellationToken);

        foreach (var name in new[] { "train/loss", "val/loss", "val/dice", "val/iou", "lr", "train/images_per_second", "val/dice/core", "val/iou/disc" })
        {
            Assert.Equal([1, 2, 3], heard.Steps(name));
        }

        // Of one case, IoU = Dice / (2 − Dice).
        foreach (var name in new[] { "disc", "core" })
        {
            Assert.All(heard.Values($"val/dice/{name}").Zip(heard.Values($"val/iou/{name}")), v => Assert.Equal(v.First / (2 - v.First), v.Second, tolerance: 1e-12));
        }

        Assert.All(heard.Values("train/images_per_second"), v => Assert.True(v > 0));
    }

    [Fact]
    public void A_run_that_goes_on_shows_its_whole_course()
    {
        using var stop = new CancellationTokenSource();
        var job = _discs.Job(new Discs.Progress(7, stop.Cancel));
        Assert.Throws<OperationCanceledException>(() => Trainer.Fit(job, stop.Token));

        var heard = new Heard();
        Trainer.Fit(job with { Log = heard, Progress = new Discs.Progress() }, TestContext.Current.CancellationToken);
        Assert.Equal([1, 2, 3], heard.Steps("val/dice"));
        Assert.Equal([1, 2, 3], heard.Steps("val/iou/core"));
    }

    private sealed class Heard : IRunLog
    {
        private readonly List<(string Key, double Value, long Step)> _metrics = [];

        public string RunId => string.Empty;

        public long[] Steps(string key) => [.. _metrics.Where(m => m.Key == key).Select(m => m.Step)];

        public double[] Values(string key) => [.. _metrics.Where(m => m.Key == key).Select(m => m.Value)];

        public void Param(string key, string value)
        {
        }

        public void Metric(string key, double value, long step = 0) => _metrics.Add((key, value, step));

        public void Tag(string key, string value)
        {
        }

        public void Artifact(string file, string folder = "")
        {
        }
    }
}
