using Osteon.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Losses.Segmentation;

/// <summary>Options of <see cref="BceLoss"/>; SMP's names and defaults.</summary>
public sealed record BceOptions
{
    /// <summary>Factor of each class's pixels, one for all classes or one for each; empty: 1. SMP's <c>weight</c>, which here is the loss's share.</summary>
    public IReadOnlyList<double> ClassWeights { get; init; } = [];

    /// <summary>Factor of the positive pixels' share, one for all classes or one for each; empty: 1.</summary>
    public IReadOnlyList<double> PosWeight { get; init; } = [];

    /// <summary>Targets become s and 1 - s instead of 0 and 1; in [0, 0.5].</summary>
    public double SmoothFactor { get; init; }

    /// <summary>Targets of this value count 0; they still divide the mean.</summary>
    public int? IgnoreIndex { get; init; } = -100;

    /// <summary>Over all pixels, classes and images.</summary>
    public LossReduction Reduction { get; init; }
}

/// <summary>Binary cross-entropy of each class on its own, the mean over batch, classes and pixels; SMP's SoftBCEWithLogitsLoss.</summary>
/// <remarks>An empty class counts as any other: each of its pixels is a negative.</remarks>
[Loss("BCE")]
[Loss("SoftBCEWithLogitsLoss")]
public sealed class BceLoss(BceOptions options) : Loss
{
    private readonly float[] _classWeights = ClassWeights.Checked("class_weights", options.ClassWeights);
    private readonly float[] _posWeight = ClassWeights.Checked("pos_weight", options.PosWeight);

    private readonly double _smooth = options.SmoothFactor is >= 0 and <= 0.5
        ? options.SmoothFactor
        : throw new ConfigurationException($"smooth_factor {options.SmoothFactor} is outside [0, 0.5].");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor logits, Tensor targets, LabelMode mode)
    {
        using var scope = NewDisposeScope();
        var (labels, counted) = CountedTargets.Of(targets, mode, options.IgnoreIndex);
        var soft = _smooth == 0 ? labels : (labels * (1 - (2 * _smooth))) + _smooth;
        var loss = functional.binary_cross_entropy_with_logits(logits, soft, weight: ClassWeights.Of("class_weights", _classWeights, logits),
            reduction: Reduction.None, pos_weights: ClassWeights.Of("pos_weight", _posWeight, logits));
        return options.Reduction.Of(counted is null ? loss : loss * counted).MoveToOuterDisposeScope();
    }
}
