using Osteon.Abstractions;
using static TorchSharp.torch;

namespace Osteon.Plugins.Losses.Segmentation;

/// <summary>SMP's options and defaults.</summary>
public sealed record LovaszOptions
{
    /// <summary>Takes each image by itself and the mean over images, instead of all pixels of the batch at once.</summary>
    public bool PerImage { get; init; }

    /// <summary>Multilabel: targets of this value do not count. Multiclass: pixels of this class do not.</summary>
    public int? IgnoreIndex { get; init; }

    /// <summary>Of no effect, as in SMP: the hinge is defined on logits, and the softmax is always taken.</summary>
    public bool FromLogits { get; init; } = true;
}

/// <summary>The Lovász extension of one minus IoU: a hinge over all pixels and classes together, or over a softmax, class by class.</summary>
/// <remarks>
/// Berman, Rannen Triki, Blaschko 2018, arXiv:1705.08790; SMP's LovaszLoss. In multiclass mode a class without a target pixel
/// is left out of the mean; in multilabel mode an image without any counts its largest error.
/// </remarks>
[Loss("Lovasz")]
[Loss("LovaszLoss")]
public sealed class LovaszLoss(LovaszOptions options) : Loss
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor logits, Tensor targets, LabelMode mode)
    {
        using var scope = NewDisposeScope();
        var (labels, counted) = CountedTargets.Of(targets, mode, options.IgnoreIndex);
        var errors = mode == LabelMode.Multiclass ? (labels - logits.softmax(1)).abs() : (1 - (logits * ((labels * 2) - 1))).relu();
        if (counted is not null)
        {
            errors = errors * counted;                              // an error of 0 adds 0, and is sorted behind all that matter
        }

        return (mode == LabelMode.Multiclass ? PresentClasses(errors, labels) : Extension(Rows(errors), Rows(labels)).mean()).MoveToOuterDisposeScope();
    }

    /// <summary>(rows, elements): a row an image, or one for all.</summary>
    private Tensor Rows(Tensor values) => values.reshape(options.PerImage ? values.shape[0] : 1, -1);

    private Tensor PresentClasses(Tensor errors, Tensor labels)
    {
        var (n, k) = (labels.shape[0], labels.shape[1]);
        var rows = labels.transpose(0, 1).reshape(k, options.PerImage ? n : 1, -1);
        var present = rows.sum([2]).gt(0).to(errors.dtype);                                     // (K, images or 1)
        var losses = Extension(errors.transpose(0, 1).reshape(rows.shape), rows) * present;
        return (losses.sum([0]) / present.sum([0]).clamp(min: 1)).mean();
    }

    // Along the last axis: the errors, largest first, weighed by what each adds to the Jaccard loss of the pixels before it.
    private static Tensor Extension(Tensor errors, Tensor truth)
    {
        var axis = errors.dim() - 1;
        var (sorted, order) = errors.sort(axis, descending: true);
        Tensor weights;
        using (no_grad())
        {
            // Whole numbers add up to the same in any order, on a GPU too, and beyond the 2²⁴ that float32 can count.
            var found = truth.gather(axis, order).to(ScalarType.Int64);
            var all = found.sum([axis], keepdim: true);
            var jaccard = 1 - ((all - found.cumsum(axis)).to(errors.dtype) / (all + (1 - found).cumsum(axis)).to(errors.dtype));
            var count = jaccard.shape[axis];
            weights = cat([jaccard.narrow(axis, 0, 1), jaccard.narrow(axis, 1, count - 1) - jaccard.narrow(axis, 0, count - 1)], axis);
        }

        return (sorted * weights).sum([axis]);
    }
}
