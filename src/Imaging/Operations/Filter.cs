using Osteon.Abstractions;

namespace Osteon.Imaging;

/// <summary>
/// Changes of intensity that look at a pixel's neighbours or at the whole image, by OpenCV's rules, bit for bit. Images are 8 or 16
/// bit; the result is written into an image of the same frame and depth, in other memory. Beyond the edge lies the image's mirror
/// (reflect_101) where nothing else is said.
/// </summary>
public static unsafe class Filter
{
    /// <summary>cv2.filter2D: each pixel becomes the weighted sum of its neighbours, rounded and clipped.</summary>
    /// <param name="from">Left as it is.</param>
    /// <param name="to">Written.</param>
    /// <param name="kernel">size × size weights, row by row.</param>
    /// <param name="size">Odd.</param>
    public static void Convolve(Image from, Image to, ReadOnlySpan<float> kernel, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(kernel.Length, size * size);
        fixed (byte* first = from.Bytes, last = to.Bytes)
        fixed (float* weights = kernel)
        {
            var (a, b) = (Of(from, first), Of(to, last));
            Native.Check(Native.Filter2D(&a, &b, weights, size, size));
        }
    }

    /// <summary>cv2.sepFilter2D with one kernel for rows and columns.</summary>
    /// <param name="from">Left as it is.</param>
    /// <param name="to">Written.</param>
    /// <param name="kernel">An odd number of weights.</param>
    public static void ConvolveSeparably(Image from, Image to, ReadOnlySpan<double> kernel)
    {
        fixed (byte* first = from.Bytes, last = to.Bytes)
        fixed (double* weights = kernel)
        {
            var (a, b) = (Of(from, first), Of(to, last));
            Native.Check(Native.SepFilter2D(&a, &b, weights, kernel.Length));
        }
    }

    /// <summary>cv2.blur: the mean of a square.</summary>
    /// <param name="from">Left as it is.</param>
    /// <param name="to">Written.</param>
    /// <param name="size">Side of the square, at least 1.</param>
    public static void Blur(Image from, Image to, int size)
    {
        fixed (byte* first = from.Bytes, last = to.Bytes)
        {
            var (a, b) = (Of(from, first), Of(to, last));
            Native.Check(Native.Blur(&a, &b, size));
        }
    }

    /// <summary>cv2.GaussianBlur.</summary>
    /// <param name="from">Left as it is.</param>
    /// <param name="to">Written.</param>
    /// <param name="size">Side of the kernel, odd; 0 derives it from sigma.</param>
    /// <param name="sigma">In pixels; 0 derives it from the size.</param>
    public static void GaussianBlur(Image from, Image to, int size, double sigma)
    {
        fixed (byte* first = from.Bytes, last = to.Bytes)
        {
            var (a, b) = (Of(from, first), Of(to, last));
            Native.Check(Native.GaussianBlur(&a, &b, size, sigma, (int)BorderMode.Reflect101));
        }
    }

    /// <summary>cv2.GaussianBlur of a float plane.</summary>
    /// <param name="plane">height × width values.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="size">Side of the kernel, odd; 0 derives it from sigma.</param>
    /// <param name="sigma">In pixels; 0 derives it from the size.</param>
    /// <param name="destination">As many values; must not overlap the plane.</param>
    /// <param name="border">What lies beyond the edge.</param>
    public static void GaussianBlur(ReadOnlySpan<float> plane, int height, int width, int size, double sigma, Span<float> destination, BorderMode border)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual((long)plane.Length, (long)height * width);
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, plane.Length);
        fixed (float* first = plane, last = destination)
        {
            var (a, b) = (new Plane(first, height, width, PixelType.Single), new Plane(last, height, width, PixelType.Single));
            Native.Check(Native.GaussianBlur(&a, &b, size, sigma, (int)border));
        }
    }

    /// <summary>cv2.medianBlur; for 16-bit images of any odd size, where OpenCV stops at 5. The edge is repeated.</summary>
    /// <param name="from">Left as it is.</param>
    /// <param name="to">Written.</param>
    /// <param name="size">Side of the square, odd, 3 to 255.</param>
    public static void MedianBlur(Image from, Image to, int size)
    {
        fixed (byte* first = from.Bytes, last = to.Bytes)
        {
            var (a, b) = (Of(from, first), Of(to, last));
            Native.Check(Native.MedianBlur(&a, &b, size));
        }
    }

    /// <summary>cv2.createCLAHE(limit, (across, down)).apply: equalisation in tiles, the histogram's peaks cut off.</summary>
    /// <param name="from">Left as it is.</param>
    /// <param name="to">Written.</param>
    /// <param name="limit">A tile's highest bin, as a multiple of the mean bin.</param>
    /// <param name="across">Tiles in a row, at least 1.</param>
    /// <param name="down">Tiles in a column, at least 1.</param>
    public static void Clahe(Image from, Image to, double limit, int across, int down)
    {
        fixed (byte* first = from.Bytes, last = to.Bytes)
        {
            var (a, b) = (Of(from, first), Of(to, last));
            Native.Check(Native.Clahe(&a, &b, limit, across, down));
        }
    }

    /// <summary>cv2.equalizeHist; 8 bit.</summary>
    /// <param name="from">Left as it is.</param>
    /// <param name="to">Written.</param>
    public static void Equalize(Image from, Image to)
    {
        fixed (byte* first = from.Bytes, last = to.Bytes)
        {
            var (a, b) = (Of(from, first), Of(to, last));
            Native.Check(Native.Equalize(&a, &b));
        }
    }

    /// <summary>cv2.resize by a factor, and back to the frame it had.</summary>
    /// <param name="from">Left as it is.</param>
    /// <param name="to">Written.</param>
    /// <param name="factor">In (0, 1].</param>
    /// <param name="down">For the smaller image.</param>
    /// <param name="up">For the way back.</param>
    public static void Downscale(Image from, Image to, double factor, Interpolation down, Interpolation up)
    {
        fixed (byte* first = from.Bytes, last = to.Bytes)
        {
            var (a, b) = (Of(from, first), Of(to, last));
            Native.Check(Native.Downscale(&a, &b, factor, (int)down, (int)up));
        }
    }

    /// <summary>cv2.imencode and back; 8 bit.</summary>
    /// <param name="from">Left as it is.</param>
    /// <param name="to">Written.</param>
    /// <param name="webp">WebP; else JPEG.</param>
    /// <param name="quality">1 to 100.</param>
    public static void Recompress(Image from, Image to, bool webp, int quality)
    {
        fixed (byte* first = from.Bytes, last = to.Bytes)
        {
            var (a, b) = (Of(from, first), Of(to, last));
            Native.Check(Native.Recompress(&a, &b, webp ? 1 : 0, quality));
        }
    }

    /// <summary>cv2.inpaint: makes up pixels from what surrounds them.</summary>
    /// <param name="from">Left as it is.</param>
    /// <param name="to">Written.</param>
    /// <param name="mask">A byte a pixel; other than 0 where the pixel is made up.</param>
    /// <param name="radius">Of the neighbourhood that counts, in pixels.</param>
    /// <param name="telea">Telea's method (INPAINT_TELEA); else Navier–Stokes (INPAINT_NS).</param>
    public static void Inpaint(Image from, Image to, ReadOnlySpan<byte> mask, double radius, bool telea)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(mask.Length, from.Frame.Area);
        fixed (byte* first = from.Bytes, last = to.Bytes, chosen = mask)
        {
            var (a, b) = (Of(from, first), Of(to, last));
            var where = new Plane(chosen, from.Frame.Height, from.Frame.Width, PixelType.Byte);
            Native.Check(Native.Inpaint(&a, &b, &where, radius, telea ? 1 : 0));
        }
    }

    private static Plane Of(Image image, byte* pixels) =>
        new(pixels, image.Frame.Height, image.Frame.Width, PixelType.OfImage(image.BytesPerPixel));
}
