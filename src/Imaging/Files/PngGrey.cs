using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Osteon.Abstractions;

namespace Osteon.Imaging;

/// <summary>
/// The quick way for most radiographs: 8-bit grey, or grey stored as red, green and blue. Where the three agree, so do their filtered
/// bytes, for a filter looks at one channel alone: two of three are dropped before anything is unfiltered. W3C, PNG Specification, section 9.
/// </summary>
internal static unsafe class PngGrey
{
    // All filtered bytes lie in memory at once; larger pictures are rare, and OpenCV's.
    private const long MaxBytes = 1 << 28;

    /// <summary>The picture, or null where it is of another kind, coloured or damaged: OpenCV then reads it, or says why not.</summary>
    public static Image? Decode(string path, ReadOnlySpan<byte> file, PngStructure header)
    {
        if (header is not { BitDepth: 8, ColourType: 0 or 2, Interlaced: false, Orientation: 1 })
        {
            return null;
        }

        var channels = header.ColourType == 2 ? 3 : 1;
        var length = header.Stored.Height * (1 + ((long)header.Stored.Width * channels));
        if (length > MaxBytes)
        {
            return null;
        }

        var filtered = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            var image = new Image(header.Stored, 1, GC.AllocateUninitializedArray<byte>(header.Stored.Area)) { Origin = header.Origin };
            var rows = filtered.AsSpan(0, (int)length);
            return Inflate(path, file, rows) && Take(rows, image, channels) && Unfilter(rows, image, channels) ? image : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(filtered);
        }
    }

    private static bool Inflate(string path, ReadOnlySpan<byte> file, Span<byte> filtered)
    {
        var data = ArrayPool<byte>.Shared.Rent(file.Length);
        try
        {
            int whole;
            fixed (byte* from = data, to = filtered)
            {
                Native.Check(Native.Inflate(from, PngSamples.DataOf(path, file, data), to, filtered.Length, &whole));
            }

            return whole == 1;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(data);
        }
    }

    // Brings the one channel of each row into the image, still filtered.
    private static bool Take(ReadOnlySpan<byte> rows, Image image, int channels)
    {
        var (height, width) = (image.Frame.Height, image.Frame.Width);
        var stride = 1 + (width * channels);
        for (var y = 0; y < height; y++)
        {
            var encoded = rows.Slice((y * stride) + 1, stride - 1);
            var row = image.Bytes.Slice(y * width, width);
            if (channels == 1)
            {
                encoded.CopyTo(row);
            }
            else if (!TakeOfThree(encoded, row))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The first of each three bytes; false where the three differ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TakeOfThree(ReadOnlySpan<byte> encoded, Span<byte> row)
    {
        ref var source = ref MemoryMarshal.GetReference(encoded);
        ref var target = ref MemoryMarshal.GetReference(row);
        var differing = Vector128<byte>.Zero;
        var i = 0;
        // A byte is compared with the one after it, but for the last of each three; the last step's 49th byte is still the row's.
        for (; i + 17 <= row.Length; i += 16)
        {
            var at = (nuint)(3 * i);
            var (a, b, c) = (Vector128.LoadUnsafe(ref source, at), Vector128.LoadUnsafe(ref source, at + 16), Vector128.LoadUnsafe(ref source, at + 32));
            differing |= ((a ^ Vector128.LoadUnsafe(ref source, at + 1)) & Pairs0)
                | ((b ^ Vector128.LoadUnsafe(ref source, at + 17)) & Pairs1)
                | ((c ^ Vector128.LoadUnsafe(ref source, at + 33)) & Pairs2);
            (Vector128.Shuffle(a, First0) | Vector128.Shuffle(b, First1) | Vector128.Shuffle(c, First2)).StoreUnsafe(ref target, (nuint)i);
        }

        var rest = 0;
        for (var at = 3 * i; i < row.Length; i++, at += 3)
        {
            var red = encoded[at];
            rest |= (red ^ encoded[at + 1]) | (red ^ encoded[at + 2]);
            row[i] = red;
        }

        return rest == 0 && differing == Vector128<byte>.Zero;
    }

    // Of 48 bytes, those that have a neighbour of their own pixel after them; and where the 16 reds go. 255 takes nothing.
    private static Vector128<byte> Pairs0 => Vector128.Create((byte)255, 255, 0, 255, 255, 0, 255, 255, 0, 255, 255, 0, 255, 255, 0, 255);

    private static Vector128<byte> Pairs1 => Vector128.Create((byte)255, 0, 255, 255, 0, 255, 255, 0, 255, 255, 0, 255, 255, 0, 255, 255);

    private static Vector128<byte> Pairs2 => Vector128.Create((byte)0, 255, 255, 0, 255, 255, 0, 255, 255, 0, 255, 255, 0, 255, 255, 0);

    private static Vector128<byte> First0 => Vector128.Create((byte)0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255);

    private static Vector128<byte> First1 => Vector128.Create((byte)255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14, 255, 255, 255, 255, 255);

    private static Vector128<byte> First2 => Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 4, 7, 10, 13);

    private static bool Unfilter(ReadOnlySpan<byte> rows, Image image, int channels)
    {
        var (height, width) = (image.Frame.Height, image.Frame.Width);
        var stride = 1 + (width * channels);
        ReadOnlySpan<byte> above = new byte[width];
        for (var y = 0; y < height;)
        {
            var taken = PngFilters.Undo(rows[(y * stride)..], stride, image.Bytes[(y * width)..], above);
            if (taken == 0)
            {
                return false;
            }

            y += taken;
            above = image.Bytes.Slice((y - 1) * width, width);
        }

        return true;
    }
}
