using Osteon.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Training.Tests;

public sealed class WeightAverageTests : IDisposable
{
    private readonly Discs _discs = new();

    public void Dispose() => _discs.Dispose();

    // By hand, after timm's formula: step = update − update_after_step − 1; 0 until it is above 0.
    [Theory]
    [InlineData(1, 0.0)]
    [InlineData(2, 0.9)]
    [InlineData(1000, 0.9)]
    public void Keeps_the_decay_from_the_second_update_on(long update, double decay) =>
        Assert.Equal(decay, new EmaPlan { Decay = 0.9 }.DecayAt(update));

    // 1 − 2^(−2/3); 1 − 32^(−2/3); timm's docs: power 2/3 reaches 0.999 at 31.6 thousand updates, 3/4 at 10 thousand.
    [Theory]
    [InlineData(2, 2.0 / 3, 0.37003947505256341)]
    [InlineData(32, 2.0 / 3, 0.90078746032)]
    [InlineData(31_623, 2.0 / 3, 0.999)]
    [InlineData(10_000, 0.75, 0.999)]
    [InlineData(10_000_000, 0.75, 0.9999)]
    public void Warms_up(long update, double power, double decay) =>
        Assert.Equal(decay, new EmaPlan { UseWarmup = true, WarmupPower = power }.DecayAt(update), 1e-6);

    [Fact]
    public void Waits_and_keeps_to_the_least_decay()
    {
        var plan = new EmaPlan { UseWarmup = true, UpdateAfterStep = 10, MinDecay = 0.5 };
        Assert.Equal([0, 0, 0.5], new long[] { 1, 11, 12 }.Select(plan.DecayAt));
    }

    [Theory]
    [InlineData(false, 2.75)]
    [InlineData(true, 4)]
    public void Averages_weights_and_copies_counters(bool excludeBuffers, double mean)
    {
        using var scope = NewDisposeScope();
        using var network = new Normed();
        using var average = new WeightAverage(new EmaPlan { Decay = 0.5, ExcludeBuffers = excludeBuffers }, new Normed(), network);
        foreach (var value in new[] { 1, 2, 4 })                    // 1 is copied; then (1 + 2) / 2, then (1.5 + 4) / 2
        {
            using var noGrad = no_grad();
            network.norm.weight!.fill_(value);
            network.norm.running_mean!.fill_(value);
            network.norm.num_batches_tracked!.fill_(value);
            average.Update();
        }

        var averaged = ((Normed)average.Network).norm;
        Assert.Equal(2.75, averaged.weight![0].item<float>(), 6);
        Assert.Equal(mean, averaged.running_mean![0].item<float>(), 6);
        Assert.Equal(4, averaged.num_batches_tracked!.item<long>());
        Assert.False(average.Network.training);
    }

    [Fact]
    public void Is_what_is_kept_and_predicted_with()
    {
        var plain = Fit(null);
        var averaged = Fit(new EmaPlan { Decay = 0.5 });
        var beside = Fit(new EmaPlan { Decay = 0.5, ForInference = false });
        Assert.Equal(plain.Result.FinalWeights, averaged.Result.FinalWeights);          // averaging moves no weight
        Assert.Equal(plain.Weights, beside.Weights);
        Assert.NotEqual(plain.Weights, averaged.Weights);
        Assert.True(File.Exists(Path.Combine(beside.Folder, "ema.safetensors")));
        Assert.False(File.Exists(Path.Combine(averaged.Folder, "ema.safetensors")));
    }

    private (TrainResult Result, byte[] Weights, string Folder) Fit(EmaPlan? ema)
    {
        var job = _discs.Job();
        job = job with { Plan = job.Plan with { Ema = ema, Epochs = 1 } };
        var result = Trainer.Fit(job, TestContext.Current.CancellationToken);
        return (result, File.ReadAllBytes(Path.Combine(job.Folder, "model.safetensors")), job.Folder);
    }

    private sealed class Normed : Network
    {
        public readonly TorchSharp.Modules.BatchNorm2d norm;

        public Normed()
            : base("normed")
        {
            norm = BatchNorm2d(1);
            RegisterComponents();
        }

        public override InputSizes Sizes => new(1);

        public override Tensor forward(Tensor input) => norm.forward(input);
    }
}
