using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Torch;

/// <summary>Cross-entropy, whose sum over pixels libtorch takes on a GPU in whatever order they come, unless asked for each pixel's.</summary>
internal static class CrossEntropy
{
    internal static Tensor Of(Tensor input, Tensor target, Tensor? weight, Reduction reduction, long ignored, double smoothing)
    {
        if (reduction == Reduction.None || target.dtype != ScalarType.Int64 || !Determinism.Routed(input))
        {
            return Call(input, target, weight, reduction, ignored, smoothing);
        }

        using var scope = NewDisposeScope();
        var sum = Call(input, target, weight, Reduction.None, ignored, smoothing).sum();
        return (reduction == Reduction.Sum ? sum : sum / Share(target, weight, ignored, sum.dtype)).MoveToOuterDisposeScope();
    }

    /// <summary>What a mean is divided by: the weights of the classes of the pixels that count.</summary>
    private static Tensor Share(Tensor target, Tensor? weight, long ignored, ScalarType type)
    {
        var counts = target.ne(ignored);
        return weight is null
            ? counts.sum().to(type)
            : weight.index_select(0, target.masked_fill(counts.logical_not(), 0).flatten()).mul(counts.flatten()).sum();
    }

    private static Tensor Call(Tensor input, Tensor target, Tensor? weight, Reduction reduction, long ignored, double smoothing) =>
        Aten.Call("cross_entropy_loss", input, target, weight, (long)reduction, ignored, smoothing);
}
