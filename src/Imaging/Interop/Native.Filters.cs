using System.Runtime.InteropServices;

namespace Osteon.Imaging;

/// <summary>The exports of filters.cpp and clahe.cpp.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(Library, EntryPoint = "osteon_img_filter2d")]
    internal static partial int Filter2D(Plane* from, Plane* to, float* kernel, int height, int width);

    [LibraryImport(Library, EntryPoint = "osteon_img_sep_filter2d")]
    internal static partial int SepFilter2D(Plane* from, Plane* to, double* kernel, int length);

    [LibraryImport(Library, EntryPoint = "osteon_img_blur")]
    internal static partial int Blur(Plane* from, Plane* to, int size);

    [LibraryImport(Library, EntryPoint = "osteon_img_gaussian_blur")]
    internal static partial int GaussianBlur(Plane* from, Plane* to, int size, double sigma, int border);

    [LibraryImport(Library, EntryPoint = "osteon_img_median_blur")]
    internal static partial int MedianBlur(Plane* from, Plane* to, int size);

    [LibraryImport(Library, EntryPoint = "osteon_img_clahe")]
    internal static partial int Clahe(Plane* from, Plane* to, double limit, int across, int down);

    [LibraryImport(Library, EntryPoint = "osteon_img_equalize")]
    internal static partial int Equalize(Plane* from, Plane* to);

    [LibraryImport(Library, EntryPoint = "osteon_img_inpaint")]
    internal static partial int Inpaint(Plane* from, Plane* to, Plane* mask, double radius, int telea);

    [LibraryImport(Library, EntryPoint = "osteon_img_downscale")]
    internal static partial int Downscale(Plane* from, Plane* to, double factor, int down, int up);

    [LibraryImport(Library, EntryPoint = "osteon_img_recompress")]
    internal static partial int Recompress(Plane* from, Plane* to, int webp, int quality);
}
