using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>
/// GELU with a gradient that can be trusted. On the CPU, libtorch 1.13 with oneDNN 2.6 answers a transposed incoming gradient of
/// the exact form with values far beyond any that GELU's slope allows. The first gradient asked for tries the operator with such
/// a one against the closed form; where it fails, GELU is composed from erf or tanh.
/// </summary>
internal static class Gelu
{
    private static readonly Lazy<bool> s_exact = new(() => Holds(GELU.Approximate.none));
    private static readonly Lazy<bool> s_tanh = new(() => Holds(GELU.Approximate.tanh));

    internal static Tensor Of(Tensor x, GELU.Approximate approximate) =>
        !is_grad_enabled() || !x.requires_grad || x.is_cuda || Sound(approximate) ? Fused(x, approximate) : Composed(x, approximate);

    /// <summary>Whether libtorch's own gradient is right on the CPU.</summary>
    internal static bool Sound(GELU.Approximate approximate) => (approximate == GELU.Approximate.none ? s_exact : s_tanh).Value;

    /// <summary>libtorch's operator.</summary>
    internal static Tensor Fused(Tensor x, GELU.Approximate approximate) => Aten.Call("gelu", x, approximate.ToString());

    /// <summary>0.5·x·(1 + erf(x/√2)), or 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))).</summary>
    internal static Tensor Composed(Tensor x, GELU.Approximate approximate)
    {
        using var scope = NewDisposeScope();
        var inner = approximate == GELU.Approximate.none
            ? (x * Math.Sqrt(0.5)).erf()
            : ((x + (x * x * x * 0.044715)) * Math.Sqrt(2 / Math.PI)).tanh();
        return (x * 0.5 * (inner + 1)).MoveToOuterDisposeScope();
    }

    private static bool Holds(GELU.Approximate approximate)
    {
        using var scope = NewDisposeScope();
        using var recording = enable_grad();
        foreach (var side in (long[])[3, 16, 33])
        {
            var x = linspace(-4, 4, side * side, float32).view(side, side).requires_grad_();
            var ramp = linspace(0.5, 1.5, side * side, float32).view(side, side);
            foreach (var weight in (Tensor[])[ramp, ramp.t()])
            {
                var found = autograd.grad([Fused(x, approximate)], [x], [weight])[0]!;
                var right = autograd.grad([Composed(x, approximate)], [x], [weight])[0]!;
                if (!found.allclose(right, 1e-3, 1e-4))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
