using System.Runtime.InteropServices;

namespace Osteon.Imaging;

/// <summary>The exports of morphology.cpp.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(Library, EntryPoint = "osteon_img_morphology")]
    internal static partial int Morphology(Plane* from, Plane* to, int operation, int shape, int size, int iterations);

    [LibraryImport(Library, EntryPoint = "osteon_img_watershed")]
    internal static partial int Watershed(Plane* grey, Plane* markers, int threshold, int size, int closing, int dilation, int distance, double factor);
}
