using Osteon.Torch.Interop;
using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>
/// Process-wide switches between repeatable and fast. The CPU repeats itself for one count of threads; on a GPU some of
/// libtorch's operators do not. Those that networks need have a gradient of ours there; the rest libtorch refuses by name.
/// <see cref="NondeterministicOperators"/> lists both.
/// </summary>
public static class Determinism
{
    [ThreadStatic]
    private static int t_forced;

    /// <summary>Whether operators without a repeatable algorithm are refused.</summary>
    public static bool Enabled => Native.Check(NativeMethods.osteon_is_deterministic()) != 0;

    /// <summary>PyTorch's use_deterministic_algorithms; switches cuDNN's trial of algorithms off as well.</summary>
    /// <param name="on">Whether to choose repeatable algorithms.</param>
    /// <param name="warnOnly">Warns where there is none, rather than throw.</param>
    public static void UseDeterministicAlgorithms(bool on = true, bool warnOnly = false) =>
        Native.Check(NativeMethods.osteon_deterministic(on ? 1 : 0, warnOnly ? 1 : 0, on ? 0 : -1, -1));

    /// <summary>Whether convolutions and matrix products may use TensorFloat-32: faster on a GPU, with 10 bits of mantissa.</summary>
    public static void AllowTensorFloat32(bool allow) => Native.Check(NativeMethods.osteon_deterministic(-1, 0, -1, allow ? 1 : 0));

    /// <summary>Until disposed, this thread takes the gradients meant for GPUs on any device: to compare them where there is no GPU.</summary>
    public static IDisposable ForceRoutes() => new Forced();

    /// <summary>Whether a gradient of ours is wanted instead of libtorch's.</summary>
    internal static bool Routed(Tensor x) => (t_forced > 0 || (x.is_cuda && Enabled)) && x.requires_grad && is_grad_enabled();

    private sealed class Forced : IDisposable
    {
        private bool _left;

        internal Forced() => t_forced++;

        public void Dispose()
        {
            if (!_left)
            {
                _left = true;
                t_forced--;
            }
        }
    }
}
