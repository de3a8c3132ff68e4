using System.IO.Compression;
using Osteon.Abstractions;

namespace Osteon.Imaging;

/// <summary>
/// Reads the samples of a one-channel PNG of up to 8 bits as they are stored. OpenCV turns palette indices into colours and
/// stretches small samples, which a label image must not suffer. W3C, PNG Specification, sections 7 to 9.
/// </summary>
internal static class PngSamples
{
    private static readonly (int Y, int X, int DY, int DX)[] Adam7 =
        [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)];

    public static Image Decode(string path, ReadOnlySpan<byte> file, PngStructure header)
    {
        try
        {
            var data = new byte[file.Length];
            using var inflate = new ZLibStream(new MemoryStream(data, 0, DataOf(path, file, data), writable: false), CompressionMode.Decompress);
            var image = new Image(header.Stored) { Origin = header.Origin };
            foreach (var (y, x, dy, dx) in header.Interlaced ? Adam7 : [(0, 0, 1, 1)])
            {
                ReadPass(inflate, image, header.BitDepth, y, x, dy, dx);
            }

            return header.Orientation == 1
                ? image
                : throw new DataException(path, "a label image with an EXIF rotation is ambiguous; store it upright.");
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new DataException(path, "the picture data is damaged or incomplete.", e);
        }
    }

    /// <summary>Brings the compressed data of all chunks up to the end of the picture together; what follows that is no part of it.</summary>
    /// <param name="path">The file's.</param>
    /// <param name="file">Its bytes, whose checksums fit.</param>
    /// <param name="data">At least as long as the file.</param>
    /// <returns>Bytes of <paramref name="data"/> that are in use.</returns>
    internal static int DataOf(string path, ReadOnlySpan<byte> file, Span<byte> data)
    {
        var length = 0;
        foreach (var chunk in new PngChunks(path, file) { Verified = true })
        {
            if (chunk.Type == "IDAT")
            {
                file[chunk.Content].CopyTo(data[length..]);
                length += chunk.Content.End.Value - chunk.Content.Start.Value;
            }
            else if (chunk.Type == "IEND")
            {
                break;
            }
        }

        return length;
    }

    /// <summary>0xRRGGBB by index; null where the chunk is missing.</summary>
    internal static int[]? PaletteOf(string path, ReadOnlySpan<byte> file)
    {
        foreach (var chunk in new PngChunks(path, file) { Verified = true })
        {
            if (chunk.Type == "PLTE")
            {
                var rgb = file[chunk.Content];
                var palette = new int[rgb.Length / 3];
                for (var i = 0; i < palette.Length; i++)
                {
                    palette[i] = (rgb[3 * i] << 16) | (rgb[(3 * i) + 1] << 8) | rgb[(3 * i) + 2];
                }

                return palette;
            }
        }

        return null;
    }

    private static void ReadPass(ZLibStream inflate, Image image, int depth, int y0, int x0, int dy, int dx)
    {
        var (height, width) = (image.Frame.Height, image.Frame.Width);
        var columns = (width - x0 + dx - 1) / dx;
        if (columns <= 0)
        {
            return;
        }

        var length = (int)((((long)columns * depth) + 7) / 8);
        byte[] row = new byte[length], above = new byte[length];
        for (var y = y0; y < height; y += dy)
        {
            var filter = inflate.ReadByte();
            inflate.ReadExactly(row);
            Unfilter(filter, row, above);
            var target = image.Bytes.Slice(y * width, width);
            for (var i = 0; i < columns; i++)
            {
                var bit = i * depth;
                target[x0 + (i * dx)] = (byte)((row[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1));
            }

            (row, above) = (above, row);
        }
    }

    // A pixel takes at most one byte here, so that "the pixel before" is the byte before.
    private static void Unfilter(int filter, Span<byte> row, ReadOnlySpan<byte> above)
    {
        byte left = 0, corner = 0;
        for (var i = 0; i < row.Length; i++)
        {
            var up = above[i];
            left = row[i] += filter switch
            {
                0 => 0,
                1 => left,
                2 => up,
                3 => (byte)((left + up) / 2),
                4 => Paeth(left, up, corner),
                _ => throw new InvalidDataException($"filter {filter} is none of PNG's"),
            };
            corner = up;
        }
    }

    private static byte Paeth(byte left, byte up, byte corner)
    {
        var estimate = left + up - corner;
        var (a, b, c) = (Math.Abs(estimate - left), Math.Abs(estimate - up), Math.Abs(estimate - corner));
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }
}
