using Osteon.Abstractions;
using static TorchSharp.torch;

namespace Osteon.Plugins.Losses.Segmentation;

/// <summary>Options of <see cref="CrossEntropyLoss"/>.</summary>
public record CrossEntropyOptions
{
    /// <summary>A weight for each class; empty: 1.</summary>
    public IReadOnlyList<double> ClassWeights { get; init; } = [];

    /// <summary>Share of the target spread evenly over all classes, in [0, 1).</summary>
    public double SmoothFactor { get; init; }

    /// <summary>Pixels of this class do not count, nor do pixels without any.</summary>
    public int? IgnoreIndex { get; init; } = -100;

    /// <summary>Over all pixels and images.</summary>
    public LossReduction Reduction { get; init; }
}

/// <summary>Softmax cross-entropy, the mean over pixels, each weighing as much as its class; PyTorch's CrossEntropyLoss.</summary>
/// <remarks>Multiclass only. A pixel without any class does not count; a batch without any such pixel counts 0.</remarks>
[Loss("CrossEntropy")]
public sealed class CrossEntropyLoss(CrossEntropyOptions options) : Loss
{
    private readonly PixelCrossEntropy _pixels = new("CrossEntropy", options);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor logits, Tensor targets, LabelMode mode)
    {
        using var scope = NewDisposeScope();
        var (loss, weight) = _pixels.Of(logits, targets, mode);
        return (options.Reduction == LossReduction.Mean ? loss.sum() / weight.sum().clamp(min: 1e-7) : options.Reduction.Of(loss)).MoveToOuterDisposeScope();
    }
}
