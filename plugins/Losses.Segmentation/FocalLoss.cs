using Osteon.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Losses.Segmentation;

/// <summary>SMP 0.5's options and defaults.</summary>
public sealed record FocalOptions
{
    /// <summary>Weight of positive pixels, 1 - alpha of negative ones, in [0, 1]; null: no weighting.</summary>
    public double? Alpha { get; init; }

    /// <summary>How much pixels that are already right are played down; 0 is plain cross-entropy.</summary>
    public double Gamma { get; init; } = 2;
}

/// <summary>Binary cross-entropy that leans on the pixels still wrong: the mean over pixels, over classes too, or in multiclass mode their sum.</summary>
/// <remarks>
/// Lin et al. 2017, arXiv:1708.02002. Multiclass treats each class against the rest and adds, as SMP 0.5 does. An empty class
/// counts as any other: each of its pixels is a negative.
/// </remarks>
[Loss("Focal")]
public sealed class FocalLoss(FocalOptions options) : Loss
{
    private readonly double? _alpha = options.Alpha is null or (>= 0 and <= 1)
        ? options.Alpha
        : throw new ConfigurationException($"alpha {options.Alpha} is outside [0, 1].");

    private readonly double _gamma = options.Gamma is >= 0 and < double.PositiveInfinity
        ? options.Gamma
        : throw new ConfigurationException($"gamma {options.Gamma} must be at least 0.");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor logits, Tensor targets, LabelMode mode)
    {
        using var scope = NewDisposeScope();
        var surprise = functional.binary_cross_entropy_with_logits(logits, targets, reduction: Reduction.None);
        var loss = (1 - (-surprise).exp()).pow(_gamma) * surprise;
        if (_alpha is { } alpha)
        {
            loss = loss * ((targets * ((2 * alpha) - 1)) + (1 - alpha));
        }

        var mean = loss.mean();
        return (mode == LabelMode.Multiclass ? mean * logits.shape[1] : mean).MoveToOuterDisposeScope();
    }
}
