using Osteon.Abstractions;
using static TorchSharp.torch;

namespace Osteon.Plugins.Losses.Segmentation;

/// <summary>Options of <see cref="LovaszLoss"/>.</summary>
public sealed record LovaszOptions
{
    /// <summary>Takes each image by itself and the mean over images, instead of all pixels of the batch at once.</summary>
    public bool PerImage { get; init; }
}

/// <summary>The Lovász extension of one minus IoU: a hinge over all pixels and classes together, or over a softmax, class by class.</summary>
/// <remarks>
/// Berman, Rannen Triki, Blaschko 2018, arXiv:1705.08790; SMP's LovaszLoss. In multiclass mode a class without a target pixel
/// is left out of the mean; in multilabel mode an image without any counts its largest error.
/// </remarks>
[Loss("Lovasz")]
public sealed class LovaszLoss(LovaszOptions options) : Loss
{
    private readonly bool _perImage = options.PerImage;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor logits, Tensor targets, LabelMode mode)
    {
        using var scope = NewDisposeScope();
        var scores = mode == LabelMode.Multiclass ? logits.softmax(1) : logits;
        Func<Tensor, Tensor, Tensor> loss = mode == LabelMode.Multiclass ? Softmax : Hinge;
        if (!_perImage)
        {
            return loss(scores, targets).MoveToOuterDisposeScope();
        }

        var images = Enumerable.Range(0, (int)logits.shape[0]).Select(i => loss(scores.narrow(0, i, 1), targets.narrow(0, i, 1)));
        return stack([.. images]).mean().MoveToOuterDisposeScope();
    }

    private static Tensor Hinge(Tensor logits, Tensor targets) =>
        Extension((1 - (logits * ((targets * 2) - 1))).flatten(), targets.flatten(), hinge: true);

    private static Tensor Softmax(Tensor probabilities, Tensor targets)
    {
        var losses = new List<Tensor>();
        for (var k = 0; k < targets.shape[1]; k++)
        {
            var truth = targets.narrow(1, k, 1).flatten();
            if (truth.sum().item<float>() > 0)
            {
                losses.Add(Extension((truth - probabilities.narrow(1, k, 1).flatten()).abs(), truth, hinge: false));
            }
        }

        return losses.Count == 0 ? probabilities.sum() * 0 : stack(losses).mean();
    }

    // The errors, largest first, weighed by what each adds to the Jaccard loss of the pixels before it.
    private static Tensor Extension(Tensor errors, Tensor truth, bool hinge)
    {
        var (sorted, order) = errors.sort(0, descending: true);
        Tensor weights;
        using (no_grad())
        {
            var found = truth.index_select(0, order);
            var all = found.sum();
            var jaccard = 1 - ((all - found.cumsum(0)) / (all + (1 - found).cumsum(0)));
            var count = jaccard.shape[0];
            weights = cat([jaccard.narrow(0, 0, 1), jaccard.narrow(0, 1, count - 1) - jaccard.narrow(0, 0, count - 1)]);
        }

        return ((hinge ? sorted.relu() : sorted) * weights).sum();
    }
}
