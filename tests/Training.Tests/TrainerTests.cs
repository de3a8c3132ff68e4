using Osteon.Abstractions;
using Osteon.Plugins.Augmentations.Basic;
using Osteon.Plugins.Augmentations.Intensity;
using Osteon.Plugins.Losses.Segmentation;
using Osteon.Torch;
using Osteon.Training;
using static TorchSharp.torch;

namespace Osteon.Training.Tests;

public sealed class TrainerTests : IDisposable
{
    private readonly Discs _discs = new();

    private static TrainResult Fit(TrainJob job) => Trainer.Fit(job, TestContext.Current.CancellationToken);

    [Fact]
    public void Learns_discs()
    {
        var job = _discs.Job();
        WeightedLoss[] losses = [.. job.Losses, new WeightedLoss("Dice", new DiceLoss(new OverlapOptions()), 1)];
        var plan = job.Plan with { Epochs = 60, Crop = 0 };
        Assert.InRange(Fit(job with { Plan = plan, Losses = losses, Build = Discs.Plain }).BestScore, 0.85, 1);
    }

    [Fact]
    public void Gives_the_same_bits_for_the_same_seed() => Assert.Equal(Fit(_discs.Job()), Fit(_discs.Job()));

    [Fact]
    public void Gives_other_bits_for_another_seed() =>
        Assert.NotEqual(Fit(_discs.Job()).FinalWeights, Fit(_discs.Job() with { Seed = 12 }).FinalWeights);

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Gives_the_same_bits_for_any_number_of_loader_threads(int threads)
    {
        Augmentation[] augment = [new HorizontalFlip(new FlipOptions()), new RandomBrightnessContrast(new RandomBrightnessContrastOptions())];
        var one = _discs.Job() with { Augmentations = augment };
        var more = _discs.Job() with { Augmentations = augment };
        Assert.Equal(Fit(one), Fit(more with { Plan = more.Plan with { LoaderThreads = threads } }));
    }

    [Fact]
    public void Trains_with_repeatable_algorithms()
    {
        Determinism.UseDeterministicAlgorithms(false);
        Fit(_discs.Job());
        Assert.True(Determinism.Enabled);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    public void Ends_with_the_same_bits_when_stopped_after_a_step_and_started_again(int steps)
    {
        var whole = Fit(_discs.Job());
        using var stop = new CancellationTokenSource();
        var job = _discs.Job(new Discs.Progress(steps, stop.Cancel));
        Assert.Throws<OperationCanceledException>(() => Trainer.Fit(job, stop.Token));
        Assert.Equal(whole, Fit(job));
    }

    [Fact]
    public void Ignores_a_checkpoint_that_was_not_finished()
    {
        var whole = Fit(_discs.Job());
        using var stop = new CancellationTokenSource();
        var job = _discs.Job(new Discs.Progress(4, stop.Cancel));
        Assert.Throws<OperationCanceledException>(() => Trainer.Fit(job, stop.Token));
        var torn = Directory.CreateDirectory(Path.Combine(job.Folder, "checkpoints", "epoch-00002-step-0000001.partial"));
        File.WriteAllText(Path.Combine(torn.FullName, "model.safetensors"), "half");
        Assert.Equal(whole, Fit(job));
    }

    [Theory]
    [InlineData("state.json", "")]
    [InlineData("state.json", "null")]
    [InlineData("state.json", "{\"Epoch\":1,\"BestEpoch\":7}")]
    [InlineData("model.safetensors", "half")]
    [InlineData("optimizer.safetensors", "half")]
    public void Names_the_file_of_a_checkpoint_that_was_damaged_afterwards(string file, string content)
    {
        using var stop = new CancellationTokenSource();
        var job = _discs.Job(new Discs.Progress(4, stop.Cancel));
        Assert.Throws<OperationCanceledException>(() => Trainer.Fit(job, stop.Token));
        var damaged = Path.Combine(Directory.GetDirectories(Path.Combine(job.Folder, "checkpoints")).Single(), file);
        File.WriteAllText(damaged, content);
        Assert.Equal(damaged, Assert.Throws<DataException>(() => Fit(job)).Path);
    }

    [Fact]
    public void Trains_again_when_the_result_was_damaged()
    {
        var job = _discs.Job();
        var first = Fit(job);
        File.WriteAllText(Path.Combine(job.Folder, "result.json"), "{");
        Assert.Equal(first, Fit(job));
    }

    [Fact]
    public void Finds_a_finished_run_instead_of_training_again()
    {
        var job = _discs.Job();
        var first = Fit(job);
        var progress = new Discs.Progress();
        Assert.Equal(first, Fit(job with { Progress = progress }));
        Assert.Empty(progress.Lines);
    }

    [Fact]
    public void Names_the_cases_when_the_loss_is_no_number()
    {
        var e = Assert.Throws<ConfigurationException>(() => Fit(_discs.Job() with { Losses = [new WeightedLoss("Broken", new BrokenLoss(), 1)] }));
        Assert.Contains("NaN", e.Message, StringComparison.Ordinal);
        Assert.Contains("case", e.Message, StringComparison.Ordinal);
        Assert.Contains("epoch 1, step 1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_loss_that_is_not_one_number()
    {
        var loss = new FocalLoss(new FocalOptions { Reduction = LossReduction.None });
        var e = Assert.Throws<ConfigurationException>(() => Fit(_discs.Job() with { Losses = [new WeightedLoss("Focal", loss, 1)] }));
        Assert.Contains("Loss Focal", e.Message, StringComparison.Ordinal);
        Assert.Contains("reduction", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_loss_that_is_no_number()
    {
        var job = _discs.Job();
        var e = Assert.Throws<ConfigurationException>(() => Fit(job with { Losses = [.. job.Losses, new WeightedLoss("Broken", new BrokenLoss(), 1)] }));
        Assert.StartsWith("The training loss became NaN (Broken) in epoch 1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Leaves_one_row_an_epoch_and_the_best_weights()
    {
        var job = _discs.Job();
        var result = Fit(job);
        var history = History.Read(Path.Combine(job.Folder, History.FileName));
        Assert.Equal([1, 2, 3], history.Select(e => e.Epoch));
        Assert.Equal(history.Max(e => e.Dice), result.BestScore);
        Assert.True(File.Exists(Path.Combine(job.Folder, "model.safetensors")));
        Assert.False(Directory.Exists(Path.Combine(job.Folder, "checkpoints")));
    }

    [Fact]
    public void Returns_every_tensor()
    {
        Fit(_discs.Job());                                          // operators' own caches
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        Fit(_discs.Job());
        Assert.Equal(before, Tensor.TotalCount);
    }

    public void Dispose() => _discs.Dispose();

    private sealed class BrokenLoss : Loss
    {
        public override Tensor Forward(Tensor logits, Tensor targets, LabelMode mode) => logits.sum() * double.NaN;
    }
}
