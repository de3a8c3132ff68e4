using System.Runtime.InteropServices;

namespace Osteon.Imaging;

/// <summary>What tiff.cpp exports.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(Library, EntryPoint = "osteon_img_tiff_pages", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int TiffPages(string path, TiffPage* pages, int capacity, int* count);

    [LibraryImport(Library, EntryPoint = "osteon_img_tiff_samples", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int TiffSamples(string path, int page, nint* buffer, Header* header);

    [LibraryImport(Library, EntryPoint = "osteon_img_tiff_palette", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int TiffPalette(string path, int page, byte* rgb, int capacity, int* count);
}

/// <summary>A page's tags, as in tiff.cpp.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TiffPage
{
    /// <summary>Rows, columns, and NewSubfileType's bits: 1 is a smaller copy of another page, 4 a transparency mask.</summary>
    public uint Height, Width, FileType;

    /// <summary>Tags of the same names.</summary>
    public ushort Bits, Samples, SampleFormat, Photometric, Orientation, Compression, Planar, ResolutionUnit;

    /// <summary>Pixels a unit.</summary>
    public float XResolution, YResolution;
}
