using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>Where TorchSharp's package serves the tensors: it makes none over memory of others, so that elements are copied.</summary>
public static class ForeignMemory
{
    /// <summary>A tensor with the elements of a part of a buffer.</summary>
    /// <param name="memory">The buffer.</param>
    /// <param name="offset">First byte within it.</param>
    /// <param name="type">Element type.</param>
    /// <param name="size">Sizes; at most 2 GiB.</param>
    /// <exception cref="ArgumentException">The tensor leaves the buffer.</exception>
    public static Tensor Tensor(SafeBuffer memory, long offset, ScalarType type, params long[] size)
    {
        var tensor = empty(size, dtype: type);
        memory.ReadSpan((ulong)offset, tensor.bytes);
        return tensor;
    }
}
