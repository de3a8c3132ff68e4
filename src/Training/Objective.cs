using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>The weighted sum of a job's losses.</summary>
internal static class Objective
{
    /// <summary>A scalar with gradient; the caller's scope owns it.</summary>
    public static Tensor Of(TrainJob job, Tensor logits, Tensor targets)
    {
        var sum = job.Losses[0].Loss.Forward(logits, targets, job.Mode) * job.Losses[0].Weight;
        foreach (var (_, loss, weight) in job.Losses.Skip(1))
        {
            sum += loss.Forward(logits, targets, job.Mode) * weight;
        }

        return sum;
    }
}
