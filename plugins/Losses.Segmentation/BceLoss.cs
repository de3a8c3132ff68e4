using Osteon.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Losses.Segmentation;

/// <summary>Options of <see cref="BceLoss"/>.</summary>
public sealed record BceOptions
{
    /// <summary>Factor of the positive pixels' share, one for all classes or one for each; empty: 1.</summary>
    public IReadOnlyList<double> PosWeight { get; init; } = [];

    /// <summary>Targets become s and 1 - s instead of 0 and 1; in [0, 0.5].</summary>
    public double SmoothFactor { get; init; }
}

/// <summary>Binary cross-entropy of each class on its own, the mean over batch, classes and pixels; SMP's SoftBCEWithLogitsLoss.</summary>
/// <remarks>An empty class counts as any other: each of its pixels is a negative.</remarks>
[Loss("BCE")]
public sealed class BceLoss(BceOptions options) : Loss
{
    private readonly float[] _posWeight = ClassWeights.Checked("pos_weight", options.PosWeight);

    private readonly double _smooth = options.SmoothFactor is >= 0 and <= 0.5
        ? options.SmoothFactor
        : throw new ConfigurationException($"smooth_factor {options.SmoothFactor} is outside [0, 0.5].");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor logits, Tensor targets, LabelMode mode)
    {
        using var scope = NewDisposeScope();
        var soft = _smooth == 0 ? targets : (targets * (1 - (2 * _smooth))) + _smooth;
        return functional.binary_cross_entropy_with_logits(logits, soft, pos_weights: ClassWeights.Of("pos_weight", _posWeight, logits))
            .MoveToOuterDisposeScope();
    }
}
