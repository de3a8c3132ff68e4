using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>
/// Operators that meet bfloat16 on the CPU under autocast. libtorch 1.13 has no such kernel for some of them, forward or
/// backward, and refuses float32 weights in the backward pass of others. The first use of an operator tries it on a few
/// numbers; one that fails, or errs, computes in float32 from then on and answers in bfloat16.
/// </summary>
internal static class Widened
{
    private static readonly ConcurrentDictionary<string, bool> s_served = new(StringComparer.Ordinal);

    /// <summary>An operator of one tensor and numbers.</summary>
    internal static Tensor Activation(string op, Tensor x, ReadOnlySpan<Argument> rest)
    {
        Argument[] numbers = [.. rest];
        return Of(op, x, [2, 8, 3, 3], t => Aten.Call(op, [t, .. numbers]), t => Aten.Call(op, [t, .. numbers]));
    }

    /// <summary>A normalisation; its trial has float32 weights for eight channels.</summary>
    /// <param name="op">The operator's name.</param>
    /// <param name="x">The input.</param>
    /// <param name="call">The call, of an input.</param>
    /// <param name="trial">The same of an input (2, 8, 3, 8) and weights of its own.</param>
    internal static Tensor Normalisation(string op, Tensor x, Func<Tensor, Tensor> call, Func<Tensor, Tensor> trial) => Of(op, x, [2, 8, 3, 8], call, trial);

    /// <summary>Whether bfloat16 has to be widened for this operator here.</summary>
    private static Tensor Of(string op, Tensor x, long[] shape, Func<Tensor, Tensor> call, Func<Tensor, Tensor> trial)
    {
        if (x.dtype != ScalarType.BFloat16 || x.is_cuda || s_served.GetOrAdd(op, _ => Serves(shape, trial)))
        {
            return call(x);
        }

        using var scope = NewDisposeScope();
        return call(x.to(ScalarType.Float32)).to(ScalarType.BFloat16).MoveToOuterDisposeScope();
    }

    private static bool Serves(long[] shape, Func<Tensor, Tensor> trial)
    {
        using var scope = NewDisposeScope();
        using var recording = enable_grad();
        var values = linspace(-3.9, 4, shape.Aggregate(1L, (product, size) => product * size), ScalarType.Float32).view(shape).to(ScalarType.BFloat16);
        try
        {
            return Gradient(values).allclose(Gradient(values.to(ScalarType.Float32)), 0.05, 0.05);
        }
        catch (TorchException)
        {
            return false;
        }

        Tensor Gradient(Tensor at)
        {
            var leaf = at.detach().clone().requires_grad_();
            var y = trial(leaf);
            var ramp = linspace(0.5, 1.5, y.numel(), ScalarType.Float32).view(y.shape).to(y.dtype);
            return autograd.grad([y], [leaf], [ramp])[0]!.to(ScalarType.Float32);
        }
    }
}
