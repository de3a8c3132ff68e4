using Osteon.Abstractions;
using Osteon.Models;
using static TorchSharp.torch;

namespace Osteon.Training.Tests;

public sealed class AccumulationTests : IDisposable
{
    private readonly Discs _discs = new();

    public void Dispose() => _discs.Dispose();

    // 7 samples in batches of 2 and updates of 3 batches: 2 + 2 + 2, then 1.
    [Fact]
    public void The_last_update_takes_what_is_left()
    {
        var updates = new Accumulation(new TrainPlan { BatchSize = 2, AccumulateGradBatches = 3 }, samples: 7);
        Assert.Equal(2, updates.UpdatesPerEpoch);
        Assert.Equal([true, false, false, true], Enumerable.Range(0, 4).Select(updates.Opens));
        Assert.Equal([false, false, true, true], Enumerable.Range(0, 4).Select(updates.Closes));
        Assert.Equal(1.0 / 3, updates.Share(1, 2));
        Assert.Equal(1, updates.Share(3, 1));
    }

    // Six cases: batches of 2 with two an update, against batches of 4, both 4 + 2 samples an update.
    [Fact]
    public void Batches_of_one_update_are_as_one_batch_of_them_all()
    {
        using var scope = NewDisposeScope();
        var (apart, whole) = (WeightsAfter(2, 2), WeightsAfter(4, 1));
        foreach (var (name, tensor) in whole)
        {
            Assert.InRange((apart[name] - tensor).abs().max().item<float>(), 0, 2e-5);
        }
    }

    // One step of SGD at rate 1 moves the weights by the clipped gradient: its norm, or its largest element, is what was asked for.
    [Theory]
    [InlineData(GradientClip.Norm)]
    [InlineData(GradientClip.Value)]
    public void Clips_the_norm_or_each_element(GradientClip algorithm)
    {
        using var scope = NewDisposeScope();
        var (plan, clipped) = (new TrainPlan { GradientClipVal = 0.01, GradientClipAlgorithm = algorithm }, Discs.Unnormalised());
        (clipped.forward(ones(1, 1, 16, 16)).pow(2).sum() * 1000).backward();
        GradientClipping.Clip(clipped, plan);
        var gradient = cat([.. clipped.parameters().Select(p => p.grad!.reshape(-1))]);
        var (norm, largest) = (gradient.norm().item<float>(), gradient.abs().max().item<float>());
        Assert.Equal(0.01, algorithm == GradientClip.Norm ? norm : largest, 1e-6);
        Assert.Equal(algorithm == GradientClip.Value, norm > 0.0101);
    }

    private Dictionary<string, Tensor> WeightsAfter(int batch, int accumulate)
    {
        var job = _discs.Job();
        Trainer.Fit(job with
        {
            Plan = job.Plan with { Epochs = 1, BatchSize = batch, AccumulateGradBatches = accumulate },
            Optimizer = new SgdOptions { Lr = 0.5 },
            Schedule = new ConstantOptions(),
            Build = Discs.Unnormalised,
        }, TestContext.Current.CancellationToken);
        return SafeTensors.Read(Path.Combine(job.Folder, "model.safetensors"));
    }
}
