using System.Buffers;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>Kinds of image files, told apart by their first bytes.</summary>
internal enum ImageKind
{
    Png,
    Jpeg,
    Tiff,
    Bmp,
}

/// <summary>An image file in memory whose container has been found whole. The memory is lent: it goes back when this is disposed.</summary>
/// <param name="Path">As it was asked for.</param>
/// <param name="Kind">By its first bytes.</param>
/// <param name="Bytes">The file.</param>
/// <param name="Frame">From the header, EXIF rotation applied; null where only decoding tells.</param>
/// <param name="Png">What the chunks say, for a PNG.</param>
/// <param name="Origin">What the container says; channels and bits are 0 where only decoding tells.</param>
internal sealed unsafe record EncodedImage(string Path, ImageKind Kind, ReadOnlyMemory<byte> Bytes, Frame? Frame, PngStructure? Png, ImageOrigin Origin) : IDisposable
{
    private const long MaxFileBytes = 1L << 30;

    /// <summary>The pages of a TIFF, which stays on disk: a stack of many is not read whole for each of them.</summary>
    public TiffStructure? Tiff { get; private init; }

    private int Page { get; init; }

    private byte[]? Lent { get; set; }

    /// <param name="path">The file.</param>
    /// <param name="page">Of a TIFF, from 0; other kinds have one.</param>
    public static EncodedImage Read(string path, int page = 0)
    {
        if (IsTiff(path))
        {
            var tiff = TiffStructure.Read(path);
            var (_, tags) = tiff.Page(page);
            return new(path, ImageKind.Tiff, default, tags.Orientation > 1 ? null : new Frame((int)tags.Height, (int)tags.Width), null, TiffStructure.OriginOf(tags)) { Tiff = tiff, Page = page };
        }

        if (page != 0)
        {
            throw new DataException(path, $"page {page} was asked for; the file has one.");
        }

        var (lent, length) = ReadFile(path);
        try
        {
            var image = Of(path, lent.AsMemory(0, length));
            image.Lent = lent;
            return image;
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(lent);
            throw;
        }
    }

    /// <param name="path">What errors call it.</param>
    /// <param name="file">A PNG, JPEG or BMP.</param>
    public static EncodedImage Of(string path, ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        switch (bytes)
        {
            case [0x89, (byte)'P', (byte)'N', (byte)'G', ..]:
                var png = PngStructure.Check(path, bytes);
                return new(path, ImageKind.Png, file, png.Frame, png, png.Origin);
            case [0xFF, 0xD8, ..]:
                var jpeg = JpegStructure.Check(path, bytes, out var origin);
                return new(path, ImageKind.Jpeg, file, jpeg, null, origin);
            case [(byte)'B', (byte)'M', ..]:
                return new(path, ImageKind.Bmp, file, BmpStructure.Check(path, bytes), null, new ImageOrigin { Kind = "bmp" });
            case []:
                throw new DataException(path, "the file is empty.");
            default:
                throw new DataException(path, $"it begins with {Convert.ToHexString(bytes[..Math.Min(8, bytes.Length)])}; a PNG, JPEG, TIFF or BMP was expected.");
        }
    }

    /// <summary>The pixels; <paramref name="flags"/> are cv::ImreadModes.</summary>
    public NativeBuffer Decode(int flags)
    {
        if (Tiff is not null)
        {
            nint page;
            Header about;
            var read = Native.ReadPage(Path, Tiff.Page(Page).Directory, flags, &page, &about);
            return Take(Path, read, page, about);
        }

        var encoded = Png is null ? Bytes.Span : Png.Essential(Bytes.Span);
        fixed (byte* first = encoded)
        {
            nint buffer;
            Header header;
            var status = Native.Decode(first, encoded.Length, flags, &buffer, &header);
            return Take(Path, status, buffer, header);
        }
    }

    public static NativeBuffer Take(string path, int status, nint buffer, Header header)
    {
        NativeBuffer? pixels = null;
        try
        {
            pixels = NativeBuffer.Take(status, buffer, header);
            if (pixels.Bytes <= Array.MaxLength)
            {
                return pixels;
            }

            pixels.Dispose();
            throw new DataException(path, $"the picture takes {pixels.Bytes} bytes in memory; at most {Array.MaxLength} are read. Convert it to grey, or cut it.");
        }
        catch (ImagingException refused)
        {
            pixels?.Dispose();
            throw new DataException(path, "the picture cannot be decoded; the file is damaged, or of a variant that OpenCV does not read.", refused);
        }
    }

    public void Dispose()
    {
        if (Lent is not null)
        {
            ArrayPool<byte>.Shared.Return(Lent);
            Lent = null;
        }
    }

    /// <summary>Refuses a size before anything is allocated for it.</summary>
    public static Frame Bounded(string path, long height, long width)
    {
        return height > 0 && width > 0 && height * width <= ImageFile.MaxPixels
            ? new Frame((int)height, (int)width)
            : throw new DataException(path, $"the header says {height}×{width} pixels; 1 to {ImageFile.MaxPixels} pixels are read.");
    }

    private static (byte[] Lent, int Length) ReadFile(string path) => Guarded(path, () =>
    {
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        if (length > MaxFileBytes)
        {
            throw new DataException(path, $"the file has {length} bytes; an image file of at most {MaxFileBytes} bytes is read.");
        }

        var lent = ArrayPool<byte>.Shared.Rent((int)length);
        var done = 0;
        for (int read; done < length && (read = RandomAccess.Read(file, lent.AsSpan(done, (int)length - done), done)) > 0;)
        {
            done += read;
        }

        return (lent, done);
    });

    private static bool IsTiff(string path) => Guarded(path, () =>
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var head = new byte[4];
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length
            && head is [(byte)'I', (byte)'I', 42 or 43, 0] or [(byte)'M', (byte)'M', 0, 42 or 43];
    });

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, e is FileNotFoundException or DirectoryNotFoundException ? "the file does not exist." : $"the file cannot be read: {e.Message}", e);
        }
    }
}
