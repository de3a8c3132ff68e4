using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>Where TorchSharp's package serves the tensors: what it can switch of repeatable and fast.</summary>
public static class Determinism
{
    /// <summary>Whether operators without a repeatable algorithm are refused: never, here.</summary>
    public static bool Enabled => false;

    /// <summary>Leaves things as they are when off; refuses otherwise.</summary>
    /// <param name="on">Whether to choose repeatable algorithms.</param>
    /// <param name="warnOnly">Has no say here.</param>
    /// <exception cref="NotSupportedException"><paramref name="on"/> is true.</exception>
    public static void UseDeterministicAlgorithms(bool on = true, bool warnOnly = false)
    {
        if (on)
        {
            throw new NotSupportedException("TorchSharp's package cannot ask libtorch for repeatable algorithms; build without UseTorchSharp (docs/torchsharp.md).");
        }
    }

    /// <summary>Whether convolutions and matrix products may use TensorFloat-32: faster on a GPU, with 10 bits of mantissa.</summary>
    public static void AllowTensorFloat32(bool allow)
    {
        backends.cuda.matmul.allow_tf32 = allow;
        backends.cudnn.allow_tf32 = allow;
    }
}
