using static TorchSharp.torch;

namespace Osteon.Abstractions;

/// <summary>How a pixel's classes relate; SMP's words.</summary>
public enum LabelMode
{
    /// <summary>Any number of classes on a pixel; a sigmoid each.</summary>
    Multilabel,

    /// <summary>Exactly one class on a pixel; a softmax over all.</summary>
    Multiclass,
}

/// <summary>Something to minimise.</summary>
public abstract class Loss
{
    /// <summary>The loss of a batch.</summary>
    /// <param name="logits">(N, K, H, W), before the activation.</param>
    /// <param name="targets">(N, K, H, W), float, 0 or 1; in multiclass mode exactly one 1 along K.</param>
    /// <param name="mode">How classes relate.</param>
    /// <returns>A scalar with gradient; the caller's scope owns it. What an empty class counts is documented by each loss.</returns>
    public abstract Tensor Forward(Tensor logits, Tensor targets, LabelMode mode);
}
