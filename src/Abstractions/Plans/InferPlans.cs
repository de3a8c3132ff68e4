using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Osteon.Abstractions;

/// <summary>How cases are predicted.</summary>
public sealed record InferPlan
{
    /// <summary>Probability from which a pixel belongs to a class, in (0, 1); multiclass takes the largest instead.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>Thresholds of classes that have one of their own, by name; not in multiclass mode.</summary>
    public IReadOnlyDictionary<string, double> Thresholds { get; init; } = new Dictionary<string, double>();

    /// <summary>
    /// Chooses each other class's threshold by the Dice of its model's out-of-fold predictions, and keeps the choice where it holds in a
    /// nested check; not in multiclass mode.
    /// </summary>
    public bool TuneThresholds { get; init; }

    /// <summary>What convolutions and matrix products are computed in: fp32 or bf16.</summary>
    public Precision Precision { get; init; }

    /// <summary>
    /// Folds each normalisation into the convolution before it, and parallel branches such as MobileOne's into one: faster, and the same but
    /// for rounding, which is measured before anything is predicted.
    /// </summary>
    public bool Fuse { get; init; }

    /// <summary>Side of a square window in stored pixels that slides over each image; 0 shows the network whole images.</summary>
    [Range(0, 16384)]
    public int Window { get; init; }

    /// <summary>Share of a window that the next one covers too, at least, in [0, 1). nnU-Net takes half.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Overlap { get; init; } = 0.5;

    /// <summary>Windows computed at a time on a GPU; a CPU gains nothing by it, and takes one by one.</summary>
    [Range(1, 1024)]
    public int BatchSize { get; init; } = 1;

    /// <summary>Views to average; null: the image as it is.</summary>
    public TtaPlan? Tta { get; init; }

    /// <summary>The folds whose networks predict test cases: all, a number, or a list of them.</summary>
    public JsonNode? Folds { get; init; }

    /// <summary>
    /// What is done to each member's masks, in order; null: nothing. Steps with <c>auto</c> are applied to classes where its model's
    /// out-of-fold predictions gain by them; an entry <c>auto</c> alone tries the usual steps.
    /// </summary>
    public IReadOnlyList<Choice>? Postprocess { get; init; }
}

/// <summary>Test-time augmentation: logits of several views of an image, brought back to its frame and averaged.</summary>
public sealed record TtaPlan
{
    /// <summary>horizontal, vertical. Each doubles the views.</summary>
    public IReadOnlyList<FlipAxis> Flips { get; init; } = [];

    /// <summary>Quarter turns beside the image as it lies: 90, 180, 270. With flips they combine, and equal views count once.</summary>
    public IReadOnlyList<int> Rotations { get; init; } = [];

    /// <summary>Sizes of what the network sees, as shares of the image's; without 1 the image's own size is not among them.</summary>
    public IReadOnlyList<double> Scales { get; init; } = [1];

    /// <summary>Pairs of classes that change places in mirrored views, such as left and right.</summary>
    public IReadOnlyList<IReadOnlyList<string>> SwapClasses { get; init; } = [];
}

/// <summary>What a flip exchanges.</summary>
public enum FlipAxis
{
    /// <summary>Left and right.</summary>
    Horizontal,

    /// <summary>Top and bottom.</summary>
    Vertical,
}

/// <summary>How members become one prediction.</summary>
public sealed record EnsemblePlan
{
    /// <summary>hard: masks vote; soft: probabilities are averaged, then judged.</summary>
    public Voting Vote { get; init; }

    /// <summary>
    /// Hard votes a pixel needs, in units of the weights; 0: more than half of all. Multiclass takes the class with most votes, the first of equals.
    /// </summary>
    public int MinVotes { get; init; }

    /// <summary>With min_votes 0, what a pixel is that exactly half of the votes set.</summary>
    public TiedPixels Ties { get; init; }

    /// <summary>What a model's members count, by its name, at least 0; 1 where nothing is said.</summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    /// <summary>Which models take part: all, or greedy, those a greedy selection on out-of-fold predictions chose, as often as it chose them.</summary>
    public MemberSelection Select { get; init; }

    /// <summary>What a row that only some members have counts: error, or an empty mask.</summary>
    public MissingRows OnMissing { get; init; } = MissingRows.Error;

    /// <summary>Forms the answer is written in, at each image's original size: csv (always); npy, a stack uint8 [row, column, channel]; png; nifti.</summary>
    public IReadOnlyList<AnswerForm> Outputs { get; init; } = [AnswerForm.Csv];

    /// <summary>What is done to the masks that were voted for, in order; null: nothing. Written as infer.postprocess.</summary>
    public IReadOnlyList<Choice>? Postprocess { get; init; }
}

/// <summary>A form of the answer.</summary>
public enum AnswerForm
{
    /// <summary>submission.csv: runs, a row an image and class.</summary>
    Csv,

    /// <summary>npy/IMAGE.npy.</summary>
    Npy,

    /// <summary>png/IMAGE.png, the class's number a pixel, in multiclass mode; else png/IMAGE/CLASS.png, 255 where it is.</summary>
    Png,

    /// <summary>nifti/IMAGE.nii.gz in the geometry of its source: the class's number a voxel in multiclass mode, else a fourth axis of classes.</summary>
    Nifti,
}

/// <summary>How an ensemble joins its members.</summary>
public enum Voting
{
    /// <summary>A mask a member.</summary>
    Hard,

    /// <summary>The weighted mean of probabilities.</summary>
    Soft,
}

/// <summary>What a tie comes to.</summary>
public enum TiedPixels
{
    /// <summary>Not set.</summary>
    Unset,

    /// <summary>Set.</summary>
    Set,
}

/// <summary>Which models take part.</summary>
public enum MemberSelection
{
    /// <summary>All of the plan.</summary>
    All,

    /// <summary>Caruana et al. 2004, doi:10.1145/1015330.1015432, on validation cases alone.</summary>
    Greedy,
}

/// <summary>What to do with a row that only some members have.</summary>
public enum MissingRows
{
    /// <summary>Stop, and list the rows.</summary>
    Error,

    /// <summary>Count it as an empty mask.</summary>
    Empty,
}
