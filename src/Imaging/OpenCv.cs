using System.Runtime.InteropServices;

namespace Osteon.Imaging;

/// <summary>The library behind this room.</summary>
public static class OpenCv
{
    /// <summary>Its version as it runs, e.g. 4.6.0.</summary>
    public static unsafe string Version => Marshal.PtrToStringUTF8((nint)Native.OpenCvVersion())!;
}
