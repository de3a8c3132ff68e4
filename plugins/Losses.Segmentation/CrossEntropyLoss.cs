using Osteon.Abstractions;
using static TorchSharp.torch;

namespace Osteon.Plugins.Losses.Segmentation;

/// <summary>Options of <see cref="CrossEntropyLoss"/>.</summary>
public sealed record CrossEntropyOptions
{
    /// <summary>A weight for each class; empty: 1.</summary>
    public IReadOnlyList<double> ClassWeights { get; init; } = [];

    /// <summary>Share of the target spread evenly over all classes, in [0, 1).</summary>
    public double SmoothFactor { get; init; }
}

/// <summary>Softmax cross-entropy, the mean over pixels, each weighing as much as its class; PyTorch's CrossEntropyLoss.</summary>
/// <remarks>Multiclass only. A pixel without any class does not count; a batch without any such pixel counts 0.</remarks>
[Loss("CrossEntropy")]
public sealed class CrossEntropyLoss(CrossEntropyOptions options) : Loss
{
    private readonly float[] _weights = ClassWeights.Checked("class_weights", options.ClassWeights);

    private readonly double _smooth = options.SmoothFactor is >= 0 and < 1
        ? options.SmoothFactor
        : throw new ConfigurationException($"smooth_factor {options.SmoothFactor} is outside [0, 1).");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor logits, Tensor targets, LabelMode mode)
    {
        if (mode != LabelMode.Multiclass)
        {
            throw new ConfigurationException("Loss CrossEntropy needs data.mode: multiclass. Where classes may overlap, BCE is its counterpart.");
        }

        using var scope = NewDisposeScope();
        var weights = ClassWeights.Of("class_weights", _weights, logits);
        var soft = _smooth == 0 ? targets : (targets * (1 - _smooth)) + (targets.sum([1], keepdim: true) * (_smooth / targets.shape[1]));
        var surprise = soft * -logits.log_softmax(1);                                           // (N, K, H, W)
        var (loss, counted) = weights is null ? (surprise, targets) : (surprise * weights, targets * weights);
        return (loss.sum() / counted.sum().clamp(min: 1e-7)).MoveToOuterDisposeScope();
    }
}
