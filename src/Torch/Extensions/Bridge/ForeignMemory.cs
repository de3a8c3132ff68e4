using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Osteon.Torch.Interop;
using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>Tensors on the CPU over memory that somebody else allocated; nothing is copied.</summary>
public static unsafe class ForeignMemory
{
    /// <summary>A tensor over a part of a buffer, such as a mapped file. The buffer stays open until the last tensor over it is gone.</summary>
    /// <param name="memory">The buffer; it may be disposed, by which it only loses its first owner.</param>
    /// <param name="offset">First byte within it.</param>
    /// <param name="type">Element type.</param>
    /// <param name="size">Sizes; empty for a scalar. Elements lie in the order of their indices.</param>
    /// <returns>A tensor that shares memory with the buffer, and neither storage nor version with another tensor over it.</returns>
    /// <exception cref="ArgumentException">The tensor leaves the buffer, or its first element does not lie at a multiple of the element's size.</exception>
    public static Tensor Tensor(SafeBuffer memory, long offset, ScalarType type, params long[] size)
    {
        var held = false;
        memory.DangerousAddRef(ref held);
        Tensor tensor;
        try
        {
            tensor = Over(memory.DangerousGetHandle() + (nint)offset, type, size, GCHandle.Alloc(memory), &Close);
        }
        catch
        {
            memory.DangerousRelease();
            throw;
        }

        // From here on the tensor gives the reference back.
        var bytes = checked(tensor.numel() * tensor.element_size());
        if (offset >= 0 && (ulong)bytes <= memory.ByteLength && (ulong)offset <= memory.ByteLength - (ulong)bytes && offset % tensor.element_size() == 0)
        {
            return tensor;
        }

        tensor.Dispose();
        throw new ArgumentException($"{bytes} bytes of {type} from byte {offset} do not fit, aligned, into a buffer of {memory.ByteLength}.", nameof(offset));
    }

    /// <summary>A tensor over memory that a handle keeps; the handle is freed by <paramref name="release"/>, or here when there is no tensor.</summary>
    internal static Tensor Over(nint address, ScalarType type, long[] size, GCHandle keeper, delegate* unmanaged[Cdecl]<nint, void> release)
    {
        nint result;
        int status;
        fixed (long* sizes = size)
        {
            status = NativeMethods.osteon_tensor_from_memory(address, sizes, size.Length, (int)type, release, GCHandle.ToIntPtr(keeper), &result);
        }

        if (status >= 0)
        {
            return TorchSharp.torch.Tensor.Own(result);
        }

        var error = Native.Error(status, nameof(ForeignMemory));
        keeper.Free();
        throw error;
    }

    // Runs on whatever thread drops the last reference, a finaliser's among them.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Close(nint context)
    {
        var keeper = GCHandle.FromIntPtr(context);
        ((SafeBuffer)keeper.Target!).DangerousRelease();
        keeper.Free();
    }
}
