using Osteon.Abstractions;
using Osteon.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>Everything that a step of training changes, and a checkpoint therefore holds.</summary>
/// <param name="Network">In training mode.</param>
/// <param name="Optimizer">Over its parameters.</param>
/// <param name="Schedule">Of the optimizer's rates.</param>
/// <param name="Scaler">Of float16's gradients; disabled in wider types.</param>
public sealed record Learner(Network Network, optim.Optimizer Optimizer, optim.lr_scheduler.LRScheduler Schedule, GradScaler Scaler) : IDisposable
{
    /// <summary>The average of the weights, or null.</summary>
    public WeightAverage? Average { get; init; }

    /// <summary>As it is before the first step, on the job's device.</summary>
    /// <param name="network">As built; it is the learner's from now on.</param>
    /// <param name="job">How to train it.</param>
    /// <param name="run">How long.</param>
    public static Learner Of(Network network, TrainJob job, RunLength run)
    {
        Place(network, job);
        network.train();
        var optimizer = job.Optimizer.Create(network.parameters());
        return new Learner(network, optimizer, job.Schedule.Create(optimizer, run), job.Scaler?.Invoke() ?? new GradScaler(enabled: job.Plan.Precision == Precision.Fp16))
        {
            Average = job.Plan.Ema is { } ema ? new WeightAverage(ema, Place(job.Build(), job), network) : null,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Average?.Dispose();
        Optimizer.Dispose();
        Network.Dispose();
    }

    private static Network Place(Network network, TrainJob job)
    {
        network.to(job.Device);
        network.to_channels_last();
        return network;
    }
}
