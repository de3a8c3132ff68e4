using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace Osteon.Imaging;

/// <summary>The exports of libosteon_imaging, in the order of its sources; each returns 0, or -1 with a message kept per thread.</summary>
internal static unsafe partial class Native
{
    private const string Library = "osteon_imaging";

    [LibraryImport(Library, EntryPoint = "osteon_img_message")]
    internal static partial byte* Message();

    [LibraryImport(Library, EntryPoint = "osteon_img_opencv_version")]
    internal static partial byte* OpenCvVersion();

    [LibraryImport(Library, EntryPoint = "osteon_img_buffer_copy")]
    internal static partial int BufferCopy(nint buffer, void* destination, long capacity);

    [LibraryImport(Library, EntryPoint = "osteon_img_buffer_free")]
    internal static partial void BufferFree(nint buffer);

    [LibraryImport(Library, EntryPoint = "osteon_img_decode")]
    internal static partial int Decode(byte* bytes, int length, int flags, nint* buffer, Header* header);

    [LibraryImport(Library, EntryPoint = "osteon_img_read_page", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ReadPage(string path, int page, int flags, nint* buffer, Header* header);

    [LibraryImport(Library, EntryPoint = "osteon_img_encode", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Encode(Plane* image, string extension, int key, int value, nint* buffer, Header* header);

    [LibraryImport(Library, EntryPoint = "osteon_img_inflate")]
    internal static partial int Inflate(byte* bytes, long length, byte* result, long expected, int* whole);

    [LibraryImport(Library, EntryPoint = "osteon_img_resize")]
    internal static partial int Resize(Plane* from, Plane* to, int interpolation);

    [LibraryImport(Library, EntryPoint = "osteon_img_warp_affine")]
    internal static partial int WarpAffine(Plane* from, Plane* to, double* matrix, int interpolation, int border, double* value);

    [LibraryImport(Library, EntryPoint = "osteon_img_warp_perspective")]
    internal static partial int WarpPerspective(Plane* from, Plane* to, double* matrix, int interpolation, int border, double* value);

    [LibraryImport(Library, EntryPoint = "osteon_img_remap")]
    internal static partial int Remap(Plane* from, Plane* to, Plane* x, Plane* y, int interpolation, int border, double* value);

    [LibraryImport(Library, EntryPoint = "osteon_img_flip")]
    internal static partial int Flip(Plane* from, Plane* to, int code);

    [LibraryImport(Library, EntryPoint = "osteon_img_lut")]
    internal static partial int Lut(Plane* from, Plane* to, byte* table);

    [LibraryImport(Library, EntryPoint = "osteon_img_fill_poly")]
    internal static partial int FillPoly(Plane* canvas, int* points, int count);

    [LibraryImport(Library, EntryPoint = "osteon_img_find_contours")]
    internal static partial int FindContours(Plane* canvas, int mode, int dx, int dy, nint* buffer, Header* header);

    /// <summary>The one place where a status becomes an exception.</summary>
    /// <exception cref="ImagingException">OpenCV refused; its words are in the message.</exception>
    internal static void Check(int status)
    {
        if (status != 0)
        {
            throw new ImagingException(Marshal.PtrToStringUTF8((nint)Message()) ?? "no message");
        }
    }
}

/// <summary>Pixels the bridge may read or write while they are pinned; <see cref="Type"/> is OpenCV's code of depth and channels.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Plane(void* data, int height, int width, int type)
{
    public void* Data = data;
    public int Height = height, Width = width, Type = type;
}

/// <summary>Size and type of what the bridge made.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Header
{
    public int Height, Width, Type, Reserved;
}
