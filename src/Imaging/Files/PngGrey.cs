using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;
using Osteon.Abstractions;

namespace Osteon.Imaging;

/// <summary>
/// The quick way for most radiographs: 8-bit grey, or grey stored as red, green and blue. Where the three agree, so do their filtered
/// bytes, for a filter looks at one channel alone: two of three are dropped before anything is unfiltered. W3C, PNG Specification, section 9.
/// </summary>
internal static class PngGrey
{
    // Beyond, a row alone would be a large block; such pictures are rare, and OpenCV's.
    private const int MaxWidth = 1 << 20;

    private const int RowsAtOnce = 64;

    /// <summary>The picture, or null where it is of another kind, coloured or damaged: OpenCV then reads it, or says why not.</summary>
    public static Image? Decode(string path, byte[] file, PngStructure header)
    {
        if (header is not { BitDepth: 8, ColourType: 0 or 2, Interlaced: false, Orientation: 1, Stored.Width: <= MaxWidth })
        {
            return null;
        }

        try
        {
            using var inflate = new ZLibStream(new MemoryStream(PngSamples.DataOf(path, file), writable: false), CompressionMode.Decompress);
            var image = new Image(header.Stored, 1, GC.AllocateUninitializedArray<byte>(header.Stored.Area)) { Origin = header.Origin };
            return Read(inflate, image, header.ColourType == 2 ? 3 : 1) ? image : null;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            return null;
        }
    }

    private static bool Read(ZLibStream inflate, Image image, int channels)
    {
        var (height, width) = (image.Frame.Height, image.Frame.Width);
        var stride = 1 + (width * channels);
        var block = new byte[Math.Min(RowsAtOnce, height) * stride];
        ReadOnlySpan<byte> above = new byte[width];
        for (var y = 0; y < height; y++)
        {
            if (y % RowsAtOnce == 0)
            {
                inflate.ReadExactly(block, 0, Math.Min(RowsAtOnce, height - y) * stride);
            }

            var encoded = block.AsSpan(y % RowsAtOnce * stride, stride);
            var row = image.Bytes.Slice(y * width, width);
            if (!Take(encoded[1..], row, channels) || !Unfilter(encoded[0], row, above))
            {
                return false;
            }

            above = row;
        }

        return true;
    }

    private static bool Take(ReadOnlySpan<byte> encoded, Span<byte> row, int channels)
    {
        if (channels == 1)
        {
            encoded.CopyTo(row);
            return true;
        }

        var differing = 0;
        for (int i = 0, at = 0; i < row.Length; i++, at += 3)
        {
            var red = encoded[at];
            differing |= (red ^ encoded[at + 1]) | (red ^ encoded[at + 2]);
            row[i] = red;
        }

        return differing == 0;
    }

    private static bool Unfilter(byte filter, Span<byte> row, ReadOnlySpan<byte> above)
    {
        switch (filter)
        {
            case 0:
                return true;
            case 1:
                Sub(row);
                return true;
            case 2:
                Up(row, above);
                return true;
            case 3:
                Average(row, above);
                return true;
            case 4:
                Paeth(row, above);
                return true;
            default:
                return false;
        }
    }

    private static void Sub(Span<byte> row)
    {
        var left = 0;
        foreach (ref var value in row)
        {
            left = value = (byte)(value + left);
        }
    }

    private static void Up(Span<byte> row, ReadOnlySpan<byte> above)
    {
        var values = MemoryMarshal.Cast<byte, Vector<byte>>(row);
        var ups = MemoryMarshal.Cast<byte, Vector<byte>>(above[..row.Length]);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] += ups[i];
        }

        for (var i = values.Length * Vector<byte>.Count; i < row.Length; i++)
        {
            row[i] += above[i];
        }
    }

    private static void Average(Span<byte> row, ReadOnlySpan<byte> above)
    {
        var left = 0;
        for (var i = 0; i < row.Length; i++)
        {
            left = row[i] = (byte)(row[i] + ((left + above[i]) >> 1));
        }
    }

    private static void Paeth(Span<byte> row, ReadOnlySpan<byte> above)
    {
        int left = 0, corner = 0;
        for (var i = 0; i < row.Length; i++)
        {
            int up = above[i];
            var (toLeft, toUp) = (Math.Abs(up - corner), Math.Abs(left - corner));
            var toCorner = Math.Abs(up + left - (2 * corner));
            var predicted = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
            left = row[i] = (byte)(row[i] + predicted);
            corner = up;
        }
    }
}
