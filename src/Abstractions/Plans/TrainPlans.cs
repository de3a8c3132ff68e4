using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Osteon.Masks;

namespace Osteon.Abstractions;

/// <summary>One network.</summary>
public sealed record ModelPlan
{
    /// <summary>The architecture plugin.</summary>
    public Choice Architecture { get; init; } = new("Unet");

    /// <summary>The encoder plugin; null for an architecture that brings its own.</summary>
    public Choice? Encoder { get; init; }

    /// <summary>A safetensors file or PyTorch checkpoint of the whole network to start from; or a published set for the encoder, as encoder_weights; or null.</summary>
    public string? Weights { get; init; }

    /// <summary>
    /// What the encoder starts from: a published set of weights by its name, e.g. imagenet, which --target=Weights brings to this machine; or a
    /// safetensors file or PyTorch checkpoint, such as torchvision's, timm's or SMP's for ImageNet; or null. A classifier's head in it is
    /// dropped, and its first convolution adapted to train.in_channels.
    /// </summary>
    public string? EncoderWeights { get; init; }

    /// <summary>
    /// ZScore, MinMax, Percentile, Fixed or Published, with its options. Null: what train.augment ends with, Normalize or ToFloat; else what the
    /// published set was trained with, where the encoder starts from one, else ZScore.
    /// </summary>
    public Choice? Normalize { get; init; }

    /// <summary>
    /// Longer side in pixels of the images that this network is trained, validated and asked with, aspect kept; 0 for the original. What it answers
    /// has the original size as every network's, so that networks of different sizes vote. Null: convert.size. Not with convert.spacing.
    /// </summary>
    public int? Size { get; init; }
}

/// <summary>How networks are trained.</summary>
public sealed record TrainPlan
{
    /// <summary>Passes over the training cases.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Cases a step.</summary>
    public int BatchSize { get; init; } = 4;

    /// <summary>Side of a random square crop in stored pixels; 0 trains on whole images.</summary>
    public int Crop { get; init; }

    /// <summary>Times each case is drawn in an epoch; useful with crops.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>Which cases an epoch draws: Shuffle, ClassBalanced or Weighted.</summary>
    public Choice Sampler { get; init; } = new("Shuffle");

    /// <summary>
    /// Share of each batch, in [0, 1], whose crops have a pixel of a class in their middle: its last round(batch_size · share) samples. nnU-Net
    /// takes 0.33. Needs a crop.
    /// </summary>
    public double Foreground { get; init; }

    /// <summary>Samples in a row that are made of each drawn case, each with chance of its own (repeated augmentation, Hoffer et al. 2020).</summary>
    public int RepeatedAugmentation { get; init; } = 1;

    /// <summary>Weighted sum of losses. A weight is a number, or, in stages, {epoch: number} with straight lines between.</summary>
    public IReadOnlyList<Choice> Loss { get; init; } = [new("BCE"), new("Dice")];

    /// <summary>
    /// The class_weights of every loss that has such an option and does not say its own: a number for each class, or found by counting the
    /// training cases' pixels: balanced, median_frequency, effective_number, or {effective_number: {beta: 0.9999}}. Null: 1.
    /// </summary>
    public JsonNode? ClassWeights { get; init; }

    /// <summary>SGD, Adam, AdamW, NAdam, RAdam, RMSprop or Adagrad, with PyTorch's options.</summary>
    public Choice Optimizer { get; init; } = new("AdamW");

    /// <summary>Learning rate over the run: Constant, Cosine or Poly of its progress, or a schedule of PyTorch's.</summary>
    public Choice Schedule { get; init; } = new("Cosine");

    /// <summary>
    /// Pixels of a crop that may lie outside the image along an axis, half on each side; 0 where nothing is said. Crops are then placed as
    /// nnU-Net places them, as they are wherever foreground is asked for: smaller images are padded to the crop. nnU-Net lets lie outside what
    /// its first patch is larger than the last: train.crop less patch_size of SpatialTransform. Outside is the image's mean, and no class.
    /// </summary>
    [Range(0, 32768)]
    public int? CropOutside { get; init; }

    /// <summary>Online augmentation, in order.</summary>
    public IReadOnlyList<Choice> Augment { get; init; } = [];

    /// <summary>Whose defaults train.augment means where a transform does not say <c>compat</c>: <c>2.x</c>, or <c>1.x</c> of Albumentations.</summary>
    public string? AugmentCompat { get; init; }

    /// <summary>Starts each class's logit at its share of the training pixels, instead of at 0.</summary>
    public bool PriorBias { get; init; } = true;

    /// <summary>Networks' image channels; grey is repeated.</summary>
    public int InChannels { get; init; } = 1;

    /// <summary>libtorch's intra-op threads. Part of the unit key, for it changes the last bits.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>Threads that read and augment; changes no bit of the result.</summary>
    public int LoaderThreads { get; init; } = 1;

    /// <summary>Batches whose gradients are averaged before the weights are updated: as one batch of all their samples.</summary>
    [Range(1, 65536)]
    public int AccumulateGradBatches { get; init; } = 1;

    /// <summary>Clips the gradient; 0 does not.</summary>
    public double GradientClipVal { get; init; }

    /// <summary>What is clipped: the whole gradient's L2 norm, or each of its elements.</summary>
    public GradientClip GradientClipAlgorithm { get; init; }

    /// <summary>Averages the weights over the steps; null does not.</summary>
    public EmaPlan? Ema { get; init; }

    /// <summary>Image sizes of the first epochs, smaller ones first; what is left of the epochs takes images as they are. Empty: all do.</summary>
    public IReadOnlyList<ProgressivePhase> Progressive { get; init; } = [];

    /// <summary>What is measured on the validation cases after every epoch, besides dice and iou: names as in report.metrics.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>Which epoch's weights are kept.</summary>
    public BestPlan Best { get; init; } = new();

    /// <summary>Ends training when validation no longer improves; null does not.</summary>
    public EarlyStoppingPlan? EarlyStopping { get; init; }

    /// <summary>What stops a training that has gone wrong. Changes no bit of one that has not.</summary>
    public GuardsPlan Guards { get; init; } = new();

    /// <summary>When a checkpoint is written. Changes no bit of the result.</summary>
    public CheckpointPlan Checkpoint { get; init; } = new();

    /// <summary>What convolutions and matrix products of the forward pass, and their gradients, are computed in.</summary>
    public Precision Precision { get; init; }
}

/// <summary>What a network computes in where PyTorch's autocast narrows; weights, losses and BatchNorm's statistics are float32 always.</summary>
public enum Precision
{
    /// <summary>float32.</summary>
    Fp32,

    /// <summary>bfloat16: float32's range, 8 bits of mantissa.</summary>
    Bf16,

    /// <summary>float16, with its gradients scaled; on a GPU only.</summary>
    Fp16,
}

/// <summary>What the report shows.</summary>
public sealed record ReportPlan
{
    /// <summary>Overlays of this many worst test cases.</summary>
    public int WorstCases { get; init; } = 6;

    /// <summary>
    /// What is measured of every test case and class, in this order: dice, iou, hausdorff, hd95, average_surface_distance, surface_dice, or
    /// SMP's names of pixel metrics, e.g. precision, recall, specificity.
    /// </summary>
    public IReadOnlyList<string> Metrics { get; init; } = ["dice", "iou", "hd95", "surface_dice", "precision", "recall"];

    /// <summary>Size of an original image's pixel, as [row, column] in any unit; distances come out in it. [1, 1]: in pixels.</summary>
    public Spacing Spacing { get; init; } = Spacing.Pixels;

    /// <summary>How far apart surfaces still agree in surface_dice, in the unit of the spacing.</summary>
    public double Tolerance { get; init; } = 2;
}
