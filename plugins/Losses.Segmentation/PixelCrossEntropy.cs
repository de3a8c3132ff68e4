using Osteon.Abstractions;
using static TorchSharp.torch;

namespace Osteon.Plugins.Losses.Segmentation;

/// <summary>Softmax cross-entropy of every pixel, smoothed and weighted as PyTorch does.</summary>
internal sealed class PixelCrossEntropy(string name, CrossEntropyOptions options)
{
    private readonly float[] _weights = ClassWeights.Checked("class_weights", options.ClassWeights);

    private readonly double _smooth = options.SmoothFactor is >= 0 and < 1
        ? options.SmoothFactor
        : throw new ConfigurationException($"smooth_factor {options.SmoothFactor} is outside [0, 1).");

    /// <summary>Loss and weight of each pixel, (N, H, W); both 0 where it does not count.</summary>
    public (Tensor Loss, Tensor Weight) Of(Tensor logits, Tensor targets, LabelMode mode)
    {
        if (mode != LabelMode.Multiclass)
        {
            throw new ConfigurationException($"Loss {name} needs data.mode: multiclass. Where classes may overlap, BCE is its counterpart.");
        }

        var (labels, counted) = CountedTargets.Of(targets, mode, options.IgnoreIndex);
        var soft = _smooth == 0 ? labels : (labels * (1 - _smooth)) + (counted! * (_smooth / targets.shape[1]));
        var surprise = soft * -logits.log_softmax(1);                                           // (N, K, H, W)
        return ClassWeights.Of("class_weights", _weights, logits) is { } weights
            ? ((surprise * weights).sum([1]), (labels * weights).sum([1]))
            : (surprise.sum([1]), labels.sum([1]));
    }
}
