using System.Diagnostics.CodeAnalysis;
using Osteon.Torch;
using Osteon.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// An n-dimensional array with PyTorch's semantics. The dispose scope that is open when it is made owns it; outside of
    /// any scope the caller disposes it. What was forgotten the garbage collector frees. Views share memory, and each owns its part.
    /// </summary>
    /// <remarks>
    /// Calls from many threads are safe as in PyTorch: reading together is, writing beside reading is not. Using a disposed
    /// tensor is an <see cref="ObjectDisposedException"/>; what libtorch refuses is a <see cref="TorchException"/>.
    /// </remarks>
    [SuppressMessage("Design", "CA1063", Justification = "A handle and a count are all there is; only Parameter derives.")]
    public unsafe partial class Tensor : IDisposable
    {
        private const int MostDimensions = 64;
        private TensorReference? _reference;
        private nint _handle;

        internal Tensor(nint handle, int kibibytes) => (_handle, _reference) = (handle, TensorReference.To(handle, kibibytes));

        /// <summary>Live tensors in the process.</summary>
        public static long TotalCount => TensorMemory.Count;

        /// <summary>The most there have been at once.</summary>
        public static long PeakCount => TensorMemory.PeakCount;

        /// <summary>The native handle, valid while this object is.</summary>
        /// <exception cref="ObjectDisposedException">It was disposed.</exception>
        public nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Tensor), "The tensor was disposed, by a call or with the dispose scope it was made in.");

        /// <summary>Whether it was disposed.</summary>
        public bool IsInvalid => _handle == 0;

        /// <summary>The scope that owns it and its place there; the scope's lock guards both.</summary>
        internal DisposeScope? Scope { get; set; }

        internal int Slot { get; set; }

        [SuppressMessage("Usage", "CA1816", Justification = "The reference has the finaliser, and is used again.")]
        public void Dispose()
        {
            Scope?.Remove(this);
            if (Interlocked.Exchange(ref _reference, null) is { } reference)    // which may hold another tensor's soon
            {
                _handle = 0;
                reference.Free();
            }
        }

        /// <summary>Hands it to the scope around the one that owns it; with no scope around, to the caller.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            _ = Handle;
            Scope?.MoveToOuter(this);
            return this;
        }

        /// <summary>Takes it out of its scope; the caller owns it.</summary>
        public Tensor DetachFromDisposeScope()
        {
            _ = Handle;
            Scope?.Remove(this);
            return this;
        }

        /// <summary>A wrapper for a new native reference, owned by this thread's scope.</summary>
        internal static Tensor Own(nint handle, int kibibytes = 0)
        {
            if (handle == 0)
            {
                throw new TorchException("The operator returned an undefined tensor.");
            }

            var tensor = new Tensor(handle, kibibytes);
            DisposeScope.Current?.Attach(tensor);
            return tensor;
        }

        internal static Tensor Own(in NativeValue value) => value.Tag == Tag.Tensor
            ? Own(value.Pointer, value.Count)
            : throw new TorchException($"The operator returned {value.Tag}, not one tensor.");

        /// <summary>Takes over the native reference of another, which is disposed with that.</summary>
        private protected static (nint Handle, int Kibibytes) Surrender(Tensor tensor)
        {
            nint kept;
            Native.Check(NativeMethods.osteon_tensor_retain(tensor.Handle, &kept));
            var kibibytes = tensor._reference!.Kibibytes;
            tensor.Dispose();
            return (kept, kibibytes);
        }

        /// <summary>A second wrapper of the very same tensor, so that each can be disposed apart.</summary>
        internal Tensor Share()
        {
            nint shared;
            Native.Check(NativeMethods.osteon_tensor_retain(Handle, &shared));
            GC.KeepAlive(this);
            return Own(shared);
        }
    }
}
