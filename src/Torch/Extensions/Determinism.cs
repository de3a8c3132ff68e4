using Osteon.Torch.Interop;

namespace Osteon.Torch;

/// <summary>Process-wide switches between repeatable and fast; they matter on a GPU, the CPU repeats itself anyway.</summary>
public static class Determinism
{
    /// <summary>Whether operators without a repeatable algorithm are refused.</summary>
    public static bool Enabled => Native.Check(NativeMethods.osteon_is_deterministic()) != 0;

    /// <summary>PyTorch's use_deterministic_algorithms; switches cuDNN's trial of algorithms off as well.</summary>
    /// <param name="on">Whether to choose repeatable algorithms.</param>
    /// <param name="warnOnly">Warns where there is none, rather than throw.</param>
    public static void UseDeterministicAlgorithms(bool on = true, bool warnOnly = false) =>
        Native.Check(NativeMethods.osteon_deterministic(on ? 1 : 0, warnOnly ? 1 : 0, on ? 0 : -1, -1));

    /// <summary>Whether convolutions and matrix products may use TensorFloat-32: faster on a GPU, with 10 bits of mantissa.</summary>
    public static void AllowTensorFloat32(bool allow) => Native.Check(NativeMethods.osteon_deterministic(-1, 0, -1, allow ? 1 : 0));
}
