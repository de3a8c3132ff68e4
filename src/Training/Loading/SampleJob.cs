using Osteon.Abstractions;
using Osteon.Datasets;

namespace Osteon.Training;

/// <summary>Everything that the samples of a training depend on.</summary>
public sealed record SampleJob
{
    /// <summary>Crop, repeats, batch size, foreground.</summary>
    public required TrainPlan Plan { get; init; }

    /// <summary>The root of all chance.</summary>
    public required long Seed { get; init; }

    /// <summary>Cases on disk.</summary>
    public required CaseStore Store { get; init; }

    /// <summary>The classes of whole images, in classification; null: those of pixels are learnt.</summary>
    public LabelledImages? Images { get; init; }

    /// <summary>Cases to learn from.</summary>
    public required IReadOnlyList<StoredCase> Training { get; init; }

    /// <summary>Cases that Augment made of them, or null.</summary>
    public AddedCases? Added { get; init; }

    /// <summary>Which cases an epoch draws.</summary>
    public SamplerOptions Sampler { get; init; } = new ShuffleOptions();

    /// <summary>Online augmentation, in order, bound to the classes.</summary>
    public IReadOnlyList<Augmentation> Augmentations { get; init; } = [];
}
