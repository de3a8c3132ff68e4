using System.Globalization;
using Osteon.Abstractions;

namespace Osteon.Training.Tests;

public sealed class StoppingTests : IDisposable
{
    private readonly Discs _discs = new();

    public void Dispose() => _discs.Dispose();

    // Lightning's counting: a wait begins behind the best epoch, and ends training when it is as long as the patience.
    [Theory]
    [InlineData(2, 0.0, 6, 0.1, 0.3, 0.2, 0.4, 0.4, 0.4)]           // 0.4 of epoch 4 is not surpassed in 5, 6
    [InlineData(2, 0.0, 0, 0.1, 0.2, 0.1, 0.3, 0.2, 0.4)]
    [InlineData(1, 0.0, 2, 0.3, 0.3, 0.9)]
    [InlineData(2, 0.1, 3, 0.1, 0.2, 0.15, 0.9)]                   // 0.2 is no improvement: it is not more than 0.1 better
    [InlineData(3, 0.0, 3, double.NaN, double.NaN, double.NaN, double.NaN)]
    public void Stops_when_the_patience_is_over(int patience, double minDelta, int stopsAfter, params double[] dice)
    {
        var plan = new TrainPlan { EarlyStopping = new EarlyStoppingPlan { Patience = patience, MinDelta = minDelta } };
        var history = dice.Select((d, i) => Epoch(i + 1, d, 0)).ToArray();
        var first = Enumerable.Range(1, history.Length).FirstOrDefault(n => EarlyStopping.Verdict(plan, history[..n], ["bone"]) is not null);
        Assert.Equal(stopsAfter, first);
    }

    [Theory]
    [InlineData("loss", null, 2)]
    [InlineData("loss", MetricMode.Max, 3)]
    [InlineData("dice", null, 3)]
    [InlineData("dice/bone", MetricMode.Min, 1)]
    [InlineData("hd95", null, 1)]
    public void The_best_epoch_is_found_the_way_a_metric_is_meant(string metric, MetricMode? mode, int best)
    {
        EpochRecord[] history = [Epoch(1, 0.2, 0.7, hd95: 3), Epoch(2, 0.5, 0.3, hd95: double.NaN), Epoch(3, 0.6, 0.9, hd95: 4)];
        Assert.Equal(best, EpochMetric.Of(new BestPlan { Metric = metric, Mode = mode }).Best(history, ["bone"]));
    }

    [Fact]
    public void The_first_of_equal_epochs_is_the_best() =>
        Assert.Equal(1, EpochMetric.Of(new BestPlan()).Best([Epoch(1, 0.5, 1), Epoch(2, 0.5, 1)], ["bone"]));

    [Fact]
    public void Enough_is_enough()
    {
        var plan = new TrainPlan { EarlyStopping = new EarlyStoppingPlan { Metric = "loss", StoppingThreshold = 0.2 } };
        Assert.Null(EarlyStopping.Verdict(plan, [Epoch(1, 0, 0.2)], ["bone"]));
        Assert.Contains("loss 0.1 is better than 0.2", EarlyStopping.Verdict(plan, [Epoch(1, 0, 0.2), Epoch(2, 0, 0.1)], ["bone"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_ends_early_and_keeps_the_best_epoch()
    {
        var progress = new Discs.Progress();
        var job = _discs.Job(progress);
        job = job with { Plan = job.Plan with { Epochs = 40, EarlyStopping = new EarlyStoppingPlan { Metric = "loss", Patience = 1, MinDelta = 10 }, Best = new BestPlan { Metric = "hd95" } } };
        var result = Trainer.Fit(job, TestContext.Current.CancellationToken);
        var history = History.Read(Path.Combine(job.Folder, History.FileName));
        Assert.Equal(2, history.Count);
        Assert.Contains(progress.Lines, l => l.StartsWith("stops after epoch 2: loss has not been better than", StringComparison.Ordinal));
        Assert.Equal(EpochMetric.Of(job.Plan.Best).Best(history, job.Store.Classes), result.BestEpoch);
        Assert.Equal(["dice", "iou", "hd95"], history[0].Metrics.Select(m => m.Name));
    }

    [Fact]
    public void A_history_comes_back_as_it_was_written()
    {
        var path = Path.Combine(_discs.Job().Folder, "h.csv");
        EpochRecord[] history =
        [
            new(1, 0.1, 1.5, double.PositiveInfinity, [new("dice", [0.25, 1]), new("hd95", [double.NaN, 3.5])]),
            new(2, 1e-7, 0.1 + 0.2, 0.5, [new("dice", [1.0 / 3, 0]), new("hd95", [double.NaN, double.NaN])]),
        ];
        History.Write(path, ["left, \"ulna\"", "radius"], history);
        Assert.Equal("epoch,lr,train_loss,val_loss,val_dice,val_hd95,\"val_dice/left, \"\"ulna\"\"\",val_dice/radius,\"val_hd95/left, \"\"ulna\"\"\",val_hd95/radius", File.ReadLines(path).First());
        var read = History.Read(path);
        Assert.Equal(history.Select(Text), read.Select(Text));
        Assert.Equal(0.625, read[0].Dice);
        Assert.Equal(3.5, read[0].Mean("hd95"));

        static string Text(EpochRecord e) =>
            string.Join(' ', new[] { e.Epoch, e.LearningRate, e.TrainLoss, e.ValidationLoss }.Concat(e.Metrics.SelectMany(m => m.ByClass)).Select(v => v.ToString("R", CultureInfo.InvariantCulture)).Concat(e.Metrics.Select(m => m.Name)));
    }

    [Fact]
    public void A_file_that_is_no_history_is_named()
    {
        var path = Path.Combine(_discs.Job().Folder, "h.csv");
        File.WriteAllText(path, "epoch,lr,train_loss,val_loss,val_dice,val_dice/a\n1,2,3\n");
        Assert.Equal(path, Assert.Throws<DataException>(() => History.Read(path)).Path);
    }

    private static EpochRecord Epoch(int epoch, double dice, double loss, double hd95 = 0) =>
        new(epoch, 0.1, loss, loss, [new ClassMetric("dice", [dice]), new ClassMetric("hd95", [hd95])]);
}
