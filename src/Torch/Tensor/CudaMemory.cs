using Osteon.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <remarks>
    /// libtorch keeps freed GPU memory for the next tensor: "allocated" is what tensors hold, "reserved" that and what is kept.
    /// Without a GPU all figures are 0. Before libtorch 2.9 the bridge needs CUDA's headers to be compiled with them; where it
    /// was not, asking is a <see cref="NotSupportedException"/>.
    /// </remarks>
    public static unsafe partial class cuda
    {
        private const int Allocated = 0, AllocatedPeak = 1, Reserved = 2, ReservedPeak = 3, Figures = 4;

        /// <summary>Bytes that tensors hold on a device, null for the current one.</summary>
        public static long memory_allocated(Device? device = null) => Figure(device, Allocated);

        /// <summary>The most bytes tensors held at once since the last reset.</summary>
        public static long max_memory_allocated(Device? device = null) => Figure(device, AllocatedPeak);

        /// <summary>Bytes taken from the device, held or kept.</summary>
        public static long memory_reserved(Device? device = null) => Figure(device, Reserved);

        /// <summary>The most bytes taken at once since the last reset.</summary>
        public static long max_memory_reserved(Device? device = null) => Figure(device, ReservedPeak);

        /// <summary>Peaks count from here.</summary>
        public static void reset_peak_memory_stats(Device? device = null) =>
            Supported(NativeMethods.osteon_cuda_reset_peak((device ?? CUDA).Packed));

        /// <summary>Gives memory that is kept and not held back to the device, for other processes. No tensor gets more by it.</summary>
        public static void empty_cache() => Supported(NativeMethods.osteon_cuda_empty_cache());

        private static long Figure(Device? device, int which)
        {
            var figures = stackalloc long[Figures];
            Supported(NativeMethods.osteon_cuda_memory((device ?? CUDA).Packed, figures));
            return figures[which];
        }

        private static void Supported(int status)
        {
            if (Native.Check(status, nameof(cuda)) == 0)
            {
                throw new NotSupportedException($"libtorch {__version__} tells of its GPU memory only through CUDA's headers, and the bridge was compiled without: set CUDA_HOME to a CUDA toolkit and build again.");
            }
        }
    }
}
