using Osteon.Abstractions;
using static TorchSharp.torch;

namespace Osteon.Plugins.Losses.Segmentation;

/// <summary>Which targets count; the one rule of all losses.</summary>
/// <remarks>
/// In multiclass mode a pixel without any class never counts, nor does one of the class <c>ignore_index</c>. In multilabel mode
/// each target that equals <c>ignore_index</c> is left out, class by class.
/// </remarks>
internal static class CountedTargets
{
    /// <summary>Targets of 0 and 1 with 0 where nothing counts, and what counts as 0 and 1: (N, 1 or K, H, W), or null for everything.</summary>
    public static (Tensor Targets, Tensor? Counted) Of(Tensor targets, LabelMode mode, int? ignoreIndex)
    {
        if (mode == LabelMode.Multiclass)
        {
            if (ignoreIndex is { } k && k >= 0 && k < targets.shape[1])
            {
                targets = targets * (1 - targets.narrow(1, k, 1));
            }

            return (targets, targets.sum([1], keepdim: true));
        }

        if (ignoreIndex is not { } value)
        {
            return (targets, null);
        }

        var ignored = targets.eq(value);
        return (targets.masked_fill(ignored, 0), ignored.logical_not().to(targets.dtype));
    }
}
