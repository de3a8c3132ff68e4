using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>
/// Reads PNG, JPEG, TIFF and BMP through OpenCV, so that pixels agree with cv2.imread, EXIF rotation included. OpenCV returns a
/// truncated JPEG as a picture that fades to grey; here the container is checked first, and a damaged file is a DataException.
/// </summary>
public static unsafe class ImageFile
{
    /// <summary>Larger pictures are refused before anything is allocated; OpenCV's own limit.</summary>
    public const int MaxPixels = 1 << 30;

    private const int Unchanged = -1, Color = 1, GreyAnyDepth = 2, AnyColorAnyDepth = 6;
    private const long MaxColoured = 1 << 28;                        // beyond, six bytes a pixel are too many to look at

    /// <summary>Grey pixels, 8 or 16 bit as the file has them; colour is turned to grey as cv2.IMREAD_GRAYSCALE | IMREAD_ANYDEPTH does.</summary>
    /// <param name="path">The file; its content, not its name, says what it is.</param>
    /// <param name="page">Of a TIFF, from 0, below <see cref="CountPages"/>.</param>
    /// <exception cref="DataException">The file is missing, damaged, too large, or no image of these kinds; or it has no such page.</exception>
    /// <returns>With its <see cref="Image.Origin"/>.</returns>
    public static Image ReadGray(string path, int page = 0)
    {
        using var file = EncodedImage.Read(path, page);
        return Gray(file, page);
    }

    /// <summary>The same of a PNG, JPEG or BMP that lies within another file.</summary>
    /// <param name="name">What errors call it.</param>
    /// <param name="bytes">The picture as its own file would have it.</param>
    /// <exception cref="DataException">It is damaged, too large, or no image of these kinds.</exception>
    public static Image ReadGray(string name, byte[] bytes) => Gray(EncodedImage.Of(name, bytes), 0);

    private static Image Gray(EncodedImage file, int page)
    {
        var (path, origin) = (file.Path, file.Origin);
        if (file.Png is { } png && PngGrey.Decode(path, file.Bytes.Span, png) is { } quick)
        {
            return quick;
        }

        if (file.Tiff is { } tiff && TiffStructure.HoldsGrey(tiff.Page(page).Tags))
        {
            return tiff.Labels(page).Values;
        }

        if (origin.Channels is 1 or 2 || file.Frame is { Height: var h, Width: var w } && (long)h * w > MaxColoured)
        {
            return Grey(path, file.Decode(GreyAnyDepth), origin);
        }

        // Channels that agree are the grey that OpenCV would make of them, so that grey stored as colour is decoded once.
        var pixels = file.Decode(AnyColorAnyDepth);
        if (PixelType.Channels(pixels.Type) == 1)
        {
            return Grey(path, pixels, origin with { Channels = 1 });
        }

        using (pixels)
        {
            origin = origin with { Channels = PixelType.Channels(pixels.Type) };
            if (AgreeingChannels.Of(pixels, origin, out var coloured) is { } grey)
            {
                return grey;
            }

            origin = origin with { Coloured = coloured };
        }

        return Grey(path, file.Decode(GreyAnyDepth), origin);
    }

    /// <summary>Pages of a TIFF, without smaller copies and transparency masks; 1 for the other kinds.</summary>
    /// <exception cref="DataException">The file is missing, damaged, or no image of these kinds.</exception>
    public static int CountPages(string path)
    {
        using var file = EncodedImage.Read(path);
        return file.Tiff?.Pages.Count ?? 1;
    }

    /// <summary>The frame <see cref="ReadGray(string, int)"/> would give; PNG, JPEG and upright TIFF are not decoded for it.</summary>
    /// <exception cref="DataException">As for <see cref="ReadGray(string, int)"/>.</exception>
    public static Frame ReadFrame(string path, int page = 0)
    {
        using var file = EncodedImage.Read(path, page);
        if (file.Frame is { } frame)
        {
            return frame;
        }

        using var pixels = file.Decode(Unchanged);
        return new Frame(pixels.Height, pixels.Width);
    }

    /// <summary>
    /// A label image's values as the file stores them: palette indices stay indices, and samples of 1, 2 and 4 bits keep 0, 1, 2, …
    /// (cv2 would stretch them to 0–255). Colour is read only when its three channels agree.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="page">Of a TIFF, from 0.</param>
    /// <exception cref="DataException">As for <see cref="ReadGray(string, int)"/>, or the channels differ.</exception>
    public static StoredLabels ReadLabels(string path, int page = 0)
    {
        using var file = EncodedImage.Read(path, page);
        if (file.Png is { } png && png.HoldsIndices)
        {
            return new StoredLabels(PngSamples.Decode(path, file.Bytes.Span, png), png.ColourType == 3 ? PngSamples.PaletteOf(path, file.Bytes.Span) : null);
        }

        if (file.Tiff is { } tiff && TiffStructure.HoldsNumbers(tiff.Page(page).Tags))
        {
            return tiff.Labels(page);
        }

        if (file.Kind == ImageKind.Bmp && BmpStructure.Indices(path, file.Bytes.Span) is { } bitmap)
        {
            return bitmap;
        }

        using var pixels = file.Decode(Unchanged);
        var channels = PixelType.Channels(pixels.Type);
        return new StoredLabels(channels == 1 ? Grey(path, pixels, file.Origin) : SameChannels(path, pixels, channels), null);
    }

    /// <summary>True where a pixel is red, green and blue in the file, even if they agree; a palette's pixel is an index.</summary>
    /// <exception cref="DataException">As for <see cref="ReadGray(string, int)"/>.</exception>
    public static bool HoldsColour(string path, int page = 0)
    {
        using var file = EncodedImage.Read(path, page);
        return file.Kind == ImageKind.Bmp ? BmpStructure.Indices(path, file.Bytes.Span) is null : file.Origin.Channels >= 3;
    }

    /// <summary>The values of <see cref="ReadLabels"/>.</summary>
    /// <exception cref="DataException">As there.</exception>
    public static Image ReadIndexed(string path, int page = 0) => ReadLabels(path, page).Values;

    /// <summary>Red, green, blue bytes, interleaved (H, W, 3), EXIF rotation applied; 16 bit is brought to 8, transparency dropped.</summary>
    /// <exception cref="DataException">As for <see cref="ReadGray(string, int)"/>.</exception>
    public static (Frame Frame, byte[] Rgb) ReadColor(string path, int page = 0)
    {
        using var file = EncodedImage.Read(path, page);
        using var pixels = file.Decode(Color);
        var bytes = pixels.ToArray();
        SwapRedBlue(bytes);
        return (new Frame(pixels.Height, pixels.Width), bytes);
    }

    /// <summary>A PNG of 8 or 16 bit grey.</summary>
    public static byte[] EncodePng(Image image) =>
        Encode(image.Bytes, image.Frame, PixelType.OfImage(image.BytesPerPixel), ".png", PngCompression, 3);

    /// <summary>A PNG of red, green, blue bytes, interleaved (H, W, 3).</summary>
    /// <exception cref="ArgumentException">The length does not fit the frame.</exception>
    public static byte[] EncodePngRgb(Frame frame, ReadOnlySpan<byte> rgb) => Encode(Bgr(frame, rgb), frame, PixelType.Byte3, ".png", PngCompression, 3);

    private static byte[] Bgr(Frame frame, ReadOnlySpan<byte> rgb)
    {
        if (rgb.Length != 3L * frame.Height * frame.Width)
        {
            throw new ArgumentException($"{rgb.Length} bytes do not fit {frame} pixels of 3 bytes.", nameof(rgb));
        }

        var bgr = rgb.ToArray();
        SwapRedBlue(bgr);
        return bgr;
    }

    /// <summary>A JPEG of 8-bit grey; for pages, never for data.</summary>
    /// <param name="image">8 bit.</param>
    /// <param name="quality">0 to 100.</param>
    /// <exception cref="ArgumentException">The image has 16 bits.</exception>
    public static byte[] EncodeJpeg(Image image, int quality = 90) => image.BytesPerPixel == 1
        ? Encode(image.Bytes, image.Frame, PixelType.Byte, ".jpg", JpegQuality, quality)
        : throw new ArgumentException("A JPEG holds 8 bits a pixel; bring the image to 8 bits first.", nameof(image));

    /// <summary>A JPEG of red, green, blue bytes, interleaved (H, W, 3); for pages, never for data.</summary>
    /// <param name="frame">H × W.</param>
    /// <param name="rgb">3 bytes a pixel.</param>
    /// <param name="quality">0 to 100.</param>
    /// <exception cref="ArgumentException">The length does not fit the frame.</exception>
    public static byte[] EncodeJpegRgb(Frame frame, ReadOnlySpan<byte> rgb, int quality = 85) => Encode(Bgr(frame, rgb), frame, PixelType.Byte3, ".jpg", JpegQuality, quality);

    /// <summary>Writes a PNG of 8 or 16 bit grey, whole or not at all.</summary>
    public static void WritePng(string path, Image image) => AtomicFile.WriteAllBytes(path, EncodePng(image));

    private const int JpegQuality = 1, PngCompression = 16;         // cv::ImwriteFlags

    private static byte[] Encode(ReadOnlySpan<byte> pixels, Frame frame, int type, string extension, int key, int value)
    {
        fixed (byte* first = pixels)
        {
            var plane = new Plane(first, frame.Height, frame.Width, type);
            nint buffer;
            Header header;
            var status = Native.Encode(&plane, extension, key, value, &buffer, &header);
            using var encoded = NativeBuffer.Take(status, buffer, header);
            return encoded.ToArray();
        }
    }

    private static Image Grey(string path, NativeBuffer pixels, ImageOrigin origin)
    {
        using (pixels)
        {
            return PixelType.Channels(pixels.Type) == 1 && PixelType.Depth(pixels.Type) is PixelType.Byte or PixelType.UInt16
                ? new Image(new Frame(pixels.Height, pixels.Width), PixelType.Size(pixels.Type), pixels.ToArray()) { Origin = origin.Bits > 0 ? origin : origin with { Bits = 8 * PixelType.Size(pixels.Type) } }
                : throw new DataException(path, "the pixels are neither 8 nor 16 bit whole numbers; convert the file first.");
        }
    }

    private static Image SameChannels(string path, NativeBuffer pixels, int channels)
    {
        var (source, size) = (pixels.ToArray(), PixelType.Size(pixels.Type) / channels);
        var result = new byte[source.Length / channels];
        if (size > 2)
        {
            throw new DataException(path, "the pixels are neither 8 nor 16 bit whole numbers; convert the file first.");
        }

        for (int from = 0, to = 0; to < result.Length; from += channels * size, to += size)
        {
            var value = source.AsSpan(from, size);
            if (channels >= 3 && !(value.SequenceEqual(source.AsSpan(from + size, size)) && value.SequenceEqual(source.AsSpan(from + (2 * size), size))))
            {
                var (y, x) = Math.DivRem(to / size, pixels.Width);
                throw new DataException(path, $"the pixel in row {y}, column {x} is coloured; a label image has one value a pixel (grey, or a palette), unless a table says what colours mean.");
            }

            value.CopyTo(result.AsSpan(to));
        }

        return new Image(new Frame(pixels.Height, pixels.Width), size, result);
    }

    private static void SwapRedBlue(Span<byte> pixels)
    {
        for (var i = 0; i + 2 < pixels.Length; i += 3)
        {
            (pixels[i], pixels[i + 2]) = (pixels[i + 2], pixels[i]);
        }
    }
}
