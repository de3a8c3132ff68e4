using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Osteon.Torch.Interop;

/// <summary>The one place where a status becomes an exception.</summary>
internal static unsafe class Native
{
    internal const int OutOfMemory = -2;

    /// <summary>Returns the status when it is a success; the message of a failure names the calling member.</summary>
    internal static int Check(int status, [CallerMemberName] string called = "") => status >= 0 ? status : throw Error(status, called);

    /// <summary>libtorch's message, followed by what was called.</summary>
    internal static Exception Error(int status, string called)
    {
        var text = $"{Marshal.PtrToStringUTF8((nint)NativeMethods.osteon_last_error())}\n  in {called}";
        return status == OutOfMemory ? new TorchOutOfMemoryException(text) : new TorchException(text);
    }
}
