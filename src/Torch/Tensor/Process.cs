using System.Runtime.InteropServices;
using Osteon.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The libtorch that is loaded, e.g. 1.13.1.</summary>
    public static unsafe string __version__ { get; } = Marshal.PtrToStringUTF8((nint)NativeMethods.osteon_torch_version())!;

    /// <summary>Threads inside one operator. Results are repeatable for one count; another count may change the last bits.</summary>
    public static void set_num_threads(int num)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(num, 1);
        Native.Check(NativeMethods.osteon_set_threads(num));
    }

    public static int get_num_threads() => Native.Check(NativeMethods.osteon_get_threads());

    /// <summary>GPUs of the process.</summary>
    public static partial class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static int device_count() => Native.Check(NativeMethods.osteon_cuda_device_count());

        /// <summary>Waits for all work on a device.</summary>
        public static void synchronize(Device? device = null) => Native.Check(NativeMethods.osteon_cuda_synchronize((device ?? CUDA).Packed));
    }
}
