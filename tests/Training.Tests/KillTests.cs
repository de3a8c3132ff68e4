using FsCheck;
using FsCheck.Fluent;
using Osteon.Abstractions;
using Osteon.Plugins.Augmentations.Basic;
using Osteon.Plugins.Losses.Segmentation;
using Osteon.Torch;

namespace Osteon.Training.Tests;

/// <summary>Killed or cancelled at any step, several times, with everything on, a training ends in the bits of one that was not.</summary>
public sealed class KillTests : IDisposable
{
    // 12 samples in batches of 2, four batches an update: updates of 8 and 4 samples; 4 epochs, so 24 steps.
    private const int Steps = 24;

    private readonly Discs _discs = new();

    public void Dispose() => _discs.Dispose();

    [Fact]
    public void Ends_in_the_same_bits_wherever_it_was_killed()
    {
        var whole = Everything(_discs.Job());
        var expected = Fit(whole);
        Assert.Equal(4, History.Read(Path.Combine(whole.Folder, History.FileName)).Count);
        var kill = from step in Gen.Choose(1, Steps - 1) from hard in Gen.Elements(true, false) select (step, hard);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(8).WithReplay(7, 7), Prop.ForAll(Gen.NonEmptyListOf(kill).Resize(3).ToArbitrary(), kills =>
        {
            var folder = _discs.Job().Folder;
            foreach (var (step, hard) in kills)
            {
                using var cancel = new CancellationTokenSource();
                var job = Everything(_discs.Job(new Discs.Progress(step, hard ? () => throw new TimeoutException() : cancel.Cancel))) with { Folder = folder };
                try
                {
                    Trainer.Fit(job, cancel.Token);                 // may be done before, when it was killed late the last time
                }
                catch (Exception e) when (e is TimeoutException or OperationCanceledException)
                {
                }
            }

            var last = Everything(_discs.Job()) with { Folder = folder };
            Assert.Equal(expected, Fit(last));
            foreach (var file in new[] { History.FileName, "model.safetensors", "ema.safetensors" })
            {
                Assert.Equal(File.ReadAllBytes(Path.Combine(whole.Folder, file)), File.ReadAllBytes(Path.Combine(folder, file)));
            }
        }));
    }

    [Fact]
    public void A_checkpoint_in_an_update_holds_its_gradients()
    {
        using var cancel = new CancellationTokenSource();
        var job = Everything(_discs.Job(new Discs.Progress(2, cancel.Cancel)));
        Assert.Throws<OperationCanceledException>(() => Trainer.Fit(job, cancel.Token));
        var checkpoint = Assert.Single(Directory.GetDirectories(Path.Combine(job.Folder, "checkpoints")));
        Assert.Equal(["ema.safetensors", "gradients.safetensors", "model.safetensors", "optimizer.safetensors", "state.json"], Directory.GetFiles(checkpoint).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private static TrainResult Fit(TrainJob job) => Trainer.Fit(job, TestContext.Current.CancellationToken);

    private static TrainJob Everything(TrainJob job) => job with
    {
        Plan = job.Plan with
        {
            Epochs = 4,
            Repeat = 2,
            AccumulateGradBatches = 4,
            Foreground = 0.5,
            GradientClipVal = 0.5,
            Precision = Precision.Bf16,
            Ema = new EmaPlan { Decay = 0.9, UseWarmup = true, ForInference = false },
            Progressive = [new() { Epochs = 1, Size = 16 }, new() { Epochs = 2, Size = 20 }],
            Best = new BestPlan { Metric = "loss" },
            EarlyStopping = new EarlyStoppingPlan { Metric = "hd95", Patience = 3 },
            Checkpoint = new CheckpointPlan { EveryNTrainSteps = 5 },
        },
        Losses = [.. job.Losses, new WeightedLoss("Dice", new DiceLoss(new OverlapOptions()), 1) { Stages = new StagedWeight([new(1, 0), new(3, 1)]) }],
        Sampler = new ClassBalancedOptions(),
        Augmentations = [new HorizontalFlip(new FlipOptions())],
        Schedule = new OneCycleLROptions { MaxLr = 0.02 },
        Scaler = () => new GradScaler(init_scale: 1024, growth_interval: 2),
    };
}
