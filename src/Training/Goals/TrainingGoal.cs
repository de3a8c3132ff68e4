using Osteon.Abstractions;
using Osteon.Datasets;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>What a training is for: what a batch asks of the network, and what an epoch is judged by. All else is the same for all.</summary>
internal abstract class TrainingGoal
{
    /// <summary>What people call the first metric, which they see after every epoch.</summary>
    public abstract string Headline { get; }

    /// <summary>What the network is fed, and what its outputs are compared with; the caller's scope owns both.</summary>
    public abstract (Tensor Inputs, Tensor Targets) Of(Batch batch, Device device);

    /// <summary>Mean loss and metrics over the validation cases; network and generator are left as they were.</summary>
    /// <param name="loader">The job's.</param>
    /// <param name="network">What is judged.</param>
    /// <param name="metrics">Names.</param>
    public abstract EpochJudgement Judge(BatchLoader loader, Network network, IReadOnlyList<string> metrics);

    /// <summary>Why a metric, or one of a class, cannot be measured on the validation cases, to be put behind its key; null where it can.</summary>
    public virtual string? WhyNotMeasured(string metric) => null;

    /// <summary>Whether a validation case has a class.</summary>
    public abstract bool Has(StoredCase stored, int k);

    /// <summary>The goal of a job.</summary>
    public static TrainingGoal Of(TrainJob job) => job.Images is { } images ? new ImageGoal(job, images) : new MaskGoal(job);
}

/// <summary>What an epoch came to.</summary>
/// <param name="Loss">Mean over validation cases.</param>
/// <param name="Metrics">By class.</param>
/// <param name="Unpredicted">Classes that validation cases have and that were predicted in none of them.</param>
internal sealed record EpochJudgement(double Loss, IReadOnlyList<ClassMetric> Metrics, IReadOnlyList<int> Unpredicted);
