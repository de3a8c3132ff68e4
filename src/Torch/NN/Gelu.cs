using System.Collections.Concurrent;
using Osteon.Torch.Interop;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>
/// GELU with a gradient that can be trusted. On the CPU, libtorch 1.13 with oneDNN 2.6 leaves the exact form's gradient
/// unwritten when the incoming one lies in memory in another order than the values. The first gradient asked for in a type
/// tries three ways against the closed form in float64, and the first that is right serves from then on: the operator; the
/// operator behind a reordering of the incoming gradient; a composition of erf or tanh.
/// </summary>
internal static class Gelu
{
    private static readonly ConcurrentDictionary<(GELU.Approximate, ScalarType), Func<Tensor, GELU.Approximate, Tensor>> s_ways = new();

    internal static Tensor Of(Tensor x, GELU.Approximate approximate) =>
        !is_grad_enabled() || !x.requires_grad || x.is_cuda ? Fused(x, approximate)
        : Way(approximate, x.dtype)(x, approximate);

    /// <summary>Whether libtorch's own gradient is right on the CPU, in float32.</summary>
    internal static bool Sound(GELU.Approximate approximate) => Way(approximate, ScalarType.Float32) == Fused;

    /// <summary>libtorch's operator.</summary>
    private static Tensor Fused(Tensor x, GELU.Approximate approximate) => Aten.Call("gelu", x, approximate.ToString());

    /// <summary>The operator, which is then given gradients in the order of its values.</summary>
    private static unsafe Tensor Aligned(Tensor x, GELU.Approximate approximate)
    {
        using var fused = Fused(x, approximate);
        nint result;
        Native.Check(NativeMethods.osteon_aligned(fused.Handle, &result));
        return Tensor.Own(result);
    }

    /// <summary>0.5·x·(1 + erf(x/√2)), or 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))).</summary>
    private static Tensor Composed(Tensor x, GELU.Approximate approximate)
    {
        using var scope = NewDisposeScope();
        var inner = approximate == GELU.Approximate.none
            ? (x * Math.Sqrt(0.5)).erf()
            : ((x + (x * x * x * 0.044715)) * Math.Sqrt(2 / Math.PI)).tanh();
        return (x * 0.5 * (inner + 1)).MoveToOuterDisposeScope();
    }

    private static Func<Tensor, GELU.Approximate, Tensor> Way(GELU.Approximate approximate, ScalarType type) =>
        s_ways.GetOrAdd((approximate, type), key => FirstRight(key.Item1, key.Item2));

    private static Func<Tensor, GELU.Approximate, Tensor> FirstRight(GELU.Approximate approximate, ScalarType type) =>
        Holds(Fused, approximate, type) ? Fused : Holds(Aligned, approximate, type) ? Aligned : Composed;

    private static bool Holds(Func<Tensor, GELU.Approximate, Tensor> way, GELU.Approximate approximate, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var recording = enable_grad();
        var tolerance = type switch { ScalarType.Float64 => 1e-10, ScalarType.Float32 => 1e-4, _ => 2e-2 };
        foreach (var side in (long[])[3, 16, 33])
        {
            var x = linspace(-4, 4, side * side, float32).view(side, side).to(type);
            var ramp = linspace(0.5, 1.5, side * side, float32).view(side, side).to(type);
            foreach (var weight in (Tensor[])[ramp, ramp.t()])
            {
                var found = Gradient(way, x, weight);
                var right = Gradient(Composed, x.to(ScalarType.Float64), weight.to(ScalarType.Float64));
                if (!found.to(ScalarType.Float64).allclose(right, tolerance, tolerance))
                {
                    return false;
                }
            }
        }

        return true;

        Tensor Gradient(Func<Tensor, GELU.Approximate, Tensor> function, Tensor at, Tensor weight)
        {
            var leaf = at.detach().clone().requires_grad_();
            return autograd.grad([function(leaf, approximate)], [leaf], [weight])[0]!;
        }
    }
}
