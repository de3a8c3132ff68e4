using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>Counts of live tensors, as TorchSharp's package keeps them.</summary>
public static class TensorMemory
{
    /// <summary>Tensor wrappers that have not been disposed or finalised.</summary>
    public static long Count => Tensor.TotalCount;

    /// <summary>The most there have been at once.</summary>
    public static long PeakCount => Tensor.PeakCount;
}
