using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Torch;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>A loss with its share of the sum.</summary>
public sealed record WeightedLoss(string Name, Loss Loss, double Weight)
{
    /// <summary>The weights of all epochs, where they are not the same.</summary>
    public StagedWeight? Stages { get; init; }
}

/// <summary>One network to train on one fold, with everything the result depends on.</summary>
public sealed record TrainJob
{
    /// <summary>How to train.</summary>
    public required TrainPlan Plan { get; init; }

    /// <summary>Whether classes may overlap.</summary>
    public LabelMode Mode { get; init; }

    /// <summary>The root of all chance in this job.</summary>
    public required long Seed { get; init; }

    /// <summary>Cases on disk.</summary>
    public required CaseStore Store { get; init; }

    /// <summary>The classes of whole images, in classification; null: those of pixels are learnt.</summary>
    public LabelledImages? Images { get; init; }

    /// <summary>What is learnt.</summary>
    public ExperimentTask Task => Images is null ? ExperimentTask.Segmentation : ExperimentTask.Classification;

    /// <summary>What is told apart, in the order of the network's outputs.</summary>
    public IReadOnlyList<string> Classes => Images?.Labels.Classes ?? Store.Classes;

    /// <summary>Cases to learn from.</summary>
    public required IReadOnlyList<StoredCase> Training { get; init; }

    /// <summary>Cases that Augment made of them, or null; trained on beside them.</summary>
    public AddedCases? Added { get; init; }

    /// <summary>Cases the best epoch is chosen on.</summary>
    public required IReadOnlyList<StoredCase> Validation { get; init; }

    /// <summary>Builds the untrained network from libtorch's generator.</summary>
    public required Func<Network> Build { get; init; }

    /// <summary>What images are fed as: ZScore or Fixed.</summary>
    public NormalizeOptions Normalize { get; init; } = NormalizeOptions.ZScore;

    /// <summary>What to minimise.</summary>
    public required IReadOnlyList<WeightedLoss> Losses { get; init; }

    /// <summary>The plan's optimizer, bound from its choice.</summary>
    public required OptimizerOptions Optimizer { get; init; }

    /// <summary>The plan's schedule, bound from its choice.</summary>
    public required ScheduleOptions Schedule { get; init; }

    /// <summary>The plan's sampler, bound from its choice.</summary>
    public SamplerOptions Sampler { get; init; } = new ShuffleOptions();

    /// <summary>Online augmentation, in order, bound to the classes.</summary>
    public IReadOnlyList<Augmentation> Augmentations { get; init; } = [];

    /// <summary>Where to compute.</summary>
    public required Device Device { get; init; }

    /// <summary>An existing folder: checkpoints while training; model.safetensors and history.csv at the end.</summary>
    public required string Folder { get; init; }

    /// <summary>The run in MLflow.</summary>
    public required IRunLog Log { get; init; }

    /// <summary>What people see.</summary>
    public required IProgressLine Progress { get; init; }

    /// <summary>Makes the scaler of gradients; null: one for float16, none for wider types.</summary>
    internal Func<GradScaler>? Scaler { get; init; }

    /// <summary>The job with the losses that count in an epoch, from 1, at their weight there.</summary>
    public TrainJob At(int epoch) => Losses.All(l => l.Stages is null)
        ? this
        : this with { Losses = [.. Losses.Select(l => l.Stages is null ? l : l with { Weight = l.Stages.At(epoch), Stages = null }).Where(l => l.Weight != 0)] };

    /// <summary>Whether an epoch, from 1, is trained as the one before: on images of the same size, by the same weights of losses.</summary>
    internal bool IsAsBefore(int epoch) =>
        ProgressivePhase.SizeAt(Plan.Progressive, epoch - 1) == ProgressivePhase.SizeAt(Plan.Progressive, epoch - 2)
        && Losses.All(l => l.Stages is null || l.Stages.At(epoch) == l.Stages.At(epoch - 1));

    /// <summary>What its samples are made of.</summary>
    internal SampleJob Samples => new()
    {
        Plan = Plan,
        Seed = Seed,
        Store = Store,
        Images = Images,
        Training = Training,
        Added = Added,
        Sampler = Sampler,
        Augmentations = Augmentations,
    };
}
