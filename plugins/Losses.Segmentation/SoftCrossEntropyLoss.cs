using Osteon.Abstractions;
using static TorchSharp.torch;

namespace Osteon.Plugins.Losses.Segmentation;

/// <summary>SMP's options and defaults.</summary>
public sealed record SoftCrossEntropyOptions : CrossEntropyOptions
{
    /// <summary>The axis of the classes, which here is always 1.</summary>
    public int Dim { get; init; } = 1;
}

/// <summary>Softmax cross-entropy, the mean over all pixels, those among them that do not count; SMP's SoftCrossEntropyLoss.</summary>
/// <remarks>Multiclass only. Unlike <see cref="CrossEntropyLoss"/>, ignored pixels and weights below 1 make the mean smaller.</remarks>
[Loss("SoftCrossEntropyLoss")]
public sealed class SoftCrossEntropyLoss(SoftCrossEntropyOptions options) : Loss
{
    private readonly PixelCrossEntropy _pixels = new("SoftCrossEntropyLoss", options.Dim is 1 or -3
        ? options
        : throw new ConfigurationException($"dim {options.Dim} must be 1: logits are (N, K, H, W)."));

    /// <inheritdoc/>
    public override Tensor Forward(Tensor logits, Tensor targets, LabelMode mode)
    {
        using var scope = NewDisposeScope();
        return options.Reduction.Of(_pixels.Of(logits, targets, mode).Loss).MoveToOuterDisposeScope();
    }
}
