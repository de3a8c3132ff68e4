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
    /// <summary>As it is before the first step, on the job's device.</summary>
    /// <param name="network">As built; it is the learner's from now on.</param>
    /// <param name="job">How to train it.</param>
    /// <param name="run">How long.</param>
    public static Learner Of(Network network, TrainJob job, RunLength run)
    {
        network.to(job.Device);
        network.to_channels_last();
        network.train();
        var optimizer = job.Optimizer.Create(network.parameters());
        return new Learner(network, optimizer, job.Schedule.Create(optimizer, run), new GradScaler(enabled: job.Plan.Precision == Precision.Fp16));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Optimizer.Dispose();
        Network.Dispose();
    }
}
