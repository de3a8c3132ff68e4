using System.Runtime.InteropServices;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>
/// The pages of a TIFF, by its tags alone (TIFF 6.0, and BigTIFF). Smaller copies and transparency masks that some programs store
/// beside a picture are no pages.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="Pages">Each page's place among all directories, and its tags.</param>
internal sealed unsafe record TiffStructure(string Path, IReadOnlyList<(int Directory, TiffPage Tags)> Pages)
{
    /// <summary>More pages are refused.</summary>
    public const int MaxPages = 1 << 14;

    private const uint ReducedCopy = 1, TransparencyMask = 4;
    private const int MinIsWhite = 0, MinIsBlack = 1, Palette = 3, Unsigned = 1, Real = 3;
    private const int FaxFirst = 2, FaxLast = 4;

    // LZW and Deflate make at most about 1365 bytes of one; a page of a fax may be white throughout, and take next to nothing.
    private const long MostPerByte = 2048, LargestFax = 1 << 28;

    /// <summary>Reads the tags of all pages; pixels are not touched.</summary>
    /// <exception cref="DataException">The file is damaged, or promises more pixels than its bytes can hold.</exception>
    public static TiffStructure Read(string path)
    {
        var tags = new TiffPage[MaxPages];
        int count;
        fixed (TiffPage* first = tags)
        {
            if (Native.TiffPages(path, first, MaxPages, &count) != 0 || count == 0)
            {
                throw new DataException(path, "the TIFF's pages cannot be read; the file is damaged.");
            }
        }

        if (count > MaxPages)
        {
            throw new DataException(path, $"the TIFF has more than {MaxPages} pages; split it.");
        }

        var all = tags.Take(count).Select((page, i) => (Directory: i, Tags: page)).ToList();
        var pages = all.Where(p => (p.Tags.FileType & (ReducedCopy | TransparencyMask)) == 0).ToList();
        return new TiffStructure(path, pages.Count > 0 ? pages : all);
    }

    /// <summary>Refuses a page before anything is allocated for it.</summary>
    /// <param name="page">From 0.</param>
    /// <exception cref="DataException">There is no such page, or it is larger than the file can hold.</exception>
    public (int Directory, TiffPage Tags) Page(int page)
    {
        if (page < 0 || page >= Pages.Count)
        {
            throw new DataException(Path, $"page {page} was asked for; the pages are 0 to {Pages.Count - 1}.");
        }

        var (directory, tags) = Pages[page];
        var frame = EncodedImage.Bounded(Path, tags.Height, tags.Width);
        var bytes = ((long)frame.Area * Math.Max((ushort)1, tags.Bits) * Math.Max((ushort)1, tags.Samples)) / 8;
        var most = tags.Compression is >= FaxFirst and <= FaxLast ? LargestFax : (new FileInfo(Path).Length * MostPerByte) + 1024;
        return bytes <= most ? (directory, tags) : throw new DataException(Path, $"page {page} promises {frame} pixels, which its bytes cannot hold. The file is damaged.");
    }

    /// <summary>What a page says of its image.</summary>
    public static ImageOrigin OriginOf(TiffPage tags) => new()
    {
        Kind = "tiff",
        Bits = tags.Bits,
        Channels = tags.Photometric == Palette ? 0 : tags.Samples,
        Orientation = tags.Orientation is >= 1 and <= 8 ? tags.Orientation : 1,
        Photometric = tags.Photometric switch { MinIsWhite => "MINISWHITE", MinIsBlack => "MINISBLACK", _ => string.Empty },
    };

    /// <summary>One whole number a pixel, which may be read as it is stored.</summary>
    public static bool HoldsNumbers(TiffPage tags) => tags.Samples == 1 && tags.SampleFormat != Real && tags.Bits is 1 or 2 or 4 or 8 or 16 or 32;

    /// <summary>Upright grey of 8 or 16 bits, which OpenCV returns as it is stored.</summary>
    public static bool HoldsGrey(TiffPage tags) => HoldsNumbers(tags) && tags is { SampleFormat: Unsigned, Bits: 8 or 16, Photometric: MinIsBlack, Orientation: <= 1 };

    /// <summary>Values as they are stored: palette indices stay indices, and one bit is 0 or 1. MinIsWhite is not turned around.</summary>
    /// <param name="page">From 0.</param>
    /// <exception cref="DataException">The page is damaged, coloured, or holds numbers beyond 65535.</exception>
    public StoredLabels Labels(int page)
    {
        var (directory, tags) = Page(page);
        if (tags.Orientation is > 1 and <= 8)
        {
            throw new DataException(Path, "a label image with a rotation tag is ambiguous; store it upright.");
        }

        nint buffer;
        Header header;
        var status = Native.TiffSamples(Path, directory, &buffer, &header);
        using var pixels = EncodedImage.Take(Path, status, buffer, header);
        var bytes = pixels.ToArray();
        var frame = new Frame(pixels.Height, pixels.Width);
        var size = PixelType.Size(pixels.Type);
        var values = size <= 2 ? new Image(frame, size, bytes) { Origin = OriginOf(tags) } : Narrowed(frame, bytes, OriginOf(tags));
        return new StoredLabels(values, tags.Photometric == Palette ? PaletteOf(directory) : null);
    }

    private Image Narrowed(Frame frame, byte[] bytes, ImageOrigin origin)
    {
        var wide = MemoryMarshal.Cast<byte, uint>(bytes);
        var image = new Image(frame, 2) { Origin = origin };
        var narrow = image.Pixels<ushort>();
        for (var i = 0; i < narrow.Length; i++)
        {
            narrow[i] = wide[i] <= ushort.MaxValue ? (ushort)wide[i] : throw new DataException(Path, $"pixel {i} is {wide[i]}; label values are 0 to {ushort.MaxValue}.");
        }

        return image;
    }

    private int[]? PaletteOf(int directory)
    {
        var rgb = new byte[3 * 256];
        int count;
        fixed (byte* first = rgb)
        {
            return Native.TiffPalette(Path, directory, first, rgb.Length, &count) == 0 && count > 0
                ? [.. Enumerable.Range(0, count).Select(i => (rgb[3 * i] << 16) | (rgb[(3 * i) + 1] << 8) | rgb[(3 * i) + 2])]
                : null;
        }
    }
}
