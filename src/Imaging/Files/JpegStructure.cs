using System.Buffers.Binary;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>
/// Walks a JPEG's markers to its end-of-image. libjpeg paints what a truncated file lacks in grey and only prints a warning;
/// a file without its end is refused here. ITU-T T.81, annex B.
/// </summary>
internal static class JpegStructure
{
    private const byte StartOfScan = 0xDA, EndOfImage = 0xD9, App1 = 0xE1;

    /// <summary>The frame after EXIF rotation.</summary>
    /// <exception cref="DataException">A marker runs past the end, the size is missing or absurd, or the end is missing.</exception>
    public static Frame Check(string path, ReadOnlySpan<byte> file, out ImageOrigin origin)
    {
        Frame? frame = null;
        int? orientation = null;
        var channels = 0;
        var scans = 0;
        for (var at = 2; NextMarker(file, ref at, out var marker);)
        {
            if (marker == EndOfImage)
            {
                origin = new ImageOrigin { Kind = "jpeg", Bits = 8, Channels = channels, Orientation = orientation ?? 1 };
                return frame is { } stored && scans > 0
                    ? Exif.Rotate(stored, orientation ?? 1)
                    : throw new DataException(path, "the JPEG ends without a picture: the file is damaged.");
            }

            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
            {
                continue;                                           // stand alone, without a length
            }

            var length = at + 2 <= file.Length ? BinaryPrimitives.ReadUInt16BigEndian(file[at..]) : 0;
            if (length < 2 || at + length > file.Length)
            {
                throw new DataException(path, $"the JPEG segment at byte {at - 2} runs past the end of the file: it is truncated or damaged.");
            }

            var content = file.Slice(at + 2, length - 2);
            at += length;
            if (marker == StartOfScan)
            {
                scans++;
                at = EndOfScan(file, at);
            }
            else if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                frame ??= ReadFrame(path, file.Length, marker, content);
                channels = channels > 0 ? channels : content[5];
            }
            else if (marker == App1)
            {
                // OpenCV asks the first APP1 only, whatever it holds.
                orientation ??= content.StartsWith("Exif\0\0"u8) ? Exif.Orientation(content[6..]) : 1;
            }
        }

        throw new DataException(path, "the JPEG has no end-of-image marker: it is truncated, and what is missing would be read as grey.");
    }

    private static Frame ReadFrame(string path, long fileLength, byte marker, ReadOnlySpan<byte> content)
    {
        if (content.Length < 6 || content[0] != 8)
        {
            throw new DataException(path, content.Length < 6 ? "the JPEG's frame header is too short: the file is damaged."
                : $"the JPEG has {content[0]} bits a sample; 8 are read. Convert it to a 16-bit PNG.");
        }

        var frame = EncodedImage.Bounded(path, BinaryPrimitives.ReadUInt16BigEndian(content[1..]), BinaryPrimitives.ReadUInt16BigEndian(content[3..]));

        // Huffman codes spend at least a bit on each 8×8 block, so that a small file cannot ask for a large picture.
        var huffman = marker is >= 0xC0 and <= 0xC2;
        return !huffman || (long)frame.Height * frame.Width / 512 <= fileLength
            ? frame
            : throw new DataException(path, $"{fileLength} bytes cannot hold {frame} pixels: the file is damaged.");
    }

    // Bytes between segments are passed over, as libjpeg does.
    private static bool NextMarker(ReadOnlySpan<byte> file, ref int at, out byte marker)
    {
        while (at < file.Length)
        {
            var found = file[at..].IndexOf((byte)0xFF);
            if (found < 0)
            {
                break;
            }

            at += found;
            while (at < file.Length && file[at] == 0xFF)
            {
                at++;
            }

            if (at < file.Length && file[at] != 0)
            {
                marker = file[at++];
                return true;
            }
        }

        marker = 0;
        return false;
    }

    /// <summary>The place of the first marker after the scan's data: not a stuffed 0xFF00, not a restart.</summary>
    private static int EndOfScan(ReadOnlySpan<byte> file, int at)
    {
        while (at + 1 < file.Length)
        {
            var found = file[at..].IndexOf((byte)0xFF);
            if (found < 0 || at + found + 1 >= file.Length)
            {
                break;
            }

            at += found;
            if (file[at + 1] is not (0 or 0xFF or (>= 0xD0 and <= 0xD7)))
            {
                return at;
            }

            at += file[at + 1] == 0xFF ? 1 : 2;
        }

        return file.Length;
    }
}
