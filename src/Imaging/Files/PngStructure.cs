using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>
/// What a PNG's chunks say, once they are found whole: signature, lengths, checksums, IHDR first, IDAT, IEND. W3C, PNG
/// Specification, third edition, section 5.
/// </summary>
internal sealed record PngStructure(Frame Stored, int Orientation, int BitDepth, int ColourType, bool Interlaced)
{
    private static readonly string[] Kept = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND", "eXIf"];

    // libpng weighs red, green and blue by these when it makes grey of them.
    private static readonly string[] KeptWithColour = ["gAMA", "cHRM", "sRGB", "iCCP"];

    /// <summary>The frame after EXIF rotation.</summary>
    public Frame Frame => Exif.Rotate(Stored, Orientation);

    /// <summary>Sample values that OpenCV would not return as they are stored: palette indices, and grey of less than 8 bits.</summary>
    public bool HoldsIndices => ColourType == 3 || (ColourType == 0 && BitDepth < 8);

    public ImageOrigin Origin => new() { Kind = "png", Bits = BitDepth, Channels = ColourType switch { 2 => 3, 3 => 0, 4 => 2, 6 => 4, _ => 1 }, Orientation = Orientation };

    public int BitsPerPixel => BitDepth * ColourType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    public static PngStructure Check(string path, ReadOnlySpan<byte> file)
    {
        PngStructure? header = null;
        var (data, orientation) = (0L, 1);
        foreach (var chunk in new PngChunks(path, file))
        {
            var content = file[chunk.Content];
            switch (chunk.Type)
            {
                case "IHDR" when header is null:
                    header = ReadHeader(path, content);
                    break;
                case var _ when header is null:
                    throw new DataException(path, $"the first chunk is '{chunk.Type}'; a PNG begins with IHDR. The file is damaged.");
                case "eXIf":
                    orientation = Exif.Orientation(content);
                    break;
                case "IDAT":
                    data += content.Length;
                    break;
                case "IEND":
                    return Plausible(path, header with { Orientation = orientation }, data);
                default:
                    break;
            }
        }

        throw new DataException(path, "the file ends before the IEND chunk: it is truncated.");
    }

    /// <summary>The file with the chunks that make the picture, and no others: libpng prints about what it finds in the rest.</summary>
    public byte[] Essential(ReadOnlySpan<byte> file)
    {
        var coloured = ColourType is not (0 or 4);
        var kept = new MemoryStream(file.Length);
        kept.Write(file[..PngChunks.SignatureLength]);
        foreach (var chunk in new PngChunks(string.Empty, file) { Verified = true })
        {
            if (chunk.Sound && (Kept.Contains(chunk.Type) || (coloured && KeptWithColour.Contains(chunk.Type))))
            {
                kept.Write(file[chunk.Whole]);
            }

            if (chunk.Type == "IEND")
            {
                break;
            }
        }

        return kept.ToArray();
    }

    private static PngStructure ReadHeader(string path, ReadOnlySpan<byte> content)
    {
        if (content.Length != 13)
        {
            throw new DataException(path, $"the IHDR chunk has {content.Length} bytes instead of 13. The file is damaged.");
        }

        var width = BinaryPrimitives.ReadUInt32BigEndian(content);
        var height = BinaryPrimitives.ReadUInt32BigEndian(content[4..]);
        var (depth, colour) = (content[8], content[9]);
        var legal = colour switch
        {
            0 => depth is 1 or 2 or 4 or 8 or 16,
            3 => depth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => depth is 8 or 16,
            _ => false,
        };
        return legal && content[10] == 0 && content[11] == 0 && content[12] <= 1
            ? new PngStructure(EncodedImage.Bounded(path, height, width), 1, depth, colour, content[12] == 1)
            : throw new DataException(path, $"the header's colour type {colour} with {depth} bits is none of PNG's. The file is damaged.");
    }

    // Deflate makes at most 1032 bytes of one: a header that promises more would have gigabytes allocated for a tiny file.
    private static PngStructure Plausible(string path, PngStructure header, long data)
    {
        var needed = header.Stored.Height * (((long)header.Stored.Width * header.BitsPerPixel) + 7) / 8;
        return data > 0 && needed <= (data * 1032) + 1024
            ? header
            : throw new DataException(path, $"{data} bytes of picture data cannot hold {header.Stored} pixels of {header.BitsPerPixel} bits. The file is damaged.");
    }
}

/// <summary>One chunk's place in the file; its checksum fits when it is <paramref name="Sound"/>.</summary>
internal readonly record struct PngChunk(string Type, bool Sound, Range Content, Range Whole);

/// <summary>
/// Walks the chunks, checking each length and checksum. A damaged chunk that makes or turns the picture ends the walk; another
/// one is not sound, and left out, as libpng leaves it out.
/// </summary>
internal ref struct PngChunks(string path, ReadOnlySpan<byte> file)
{
    public const int SignatureLength = 8;
    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private readonly ReadOnlySpan<byte> _file = file;
    private int _next;

    /// <summary>Set when the same bytes were walked before: picture data is not summed again.</summary>
    public bool Verified { get; init; }

    public PngChunk Current { get; private set; }

    public readonly PngChunks GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next == 0)
        {
            _next = _file.StartsWith(Signature)
                ? SignatureLength
                : throw new DataException(path, "the first eight bytes are not PNG's; the file was damaged, perhaps by a transfer as text.");
        }

        var rest = _file[_next..];
        if (rest.Length == 0)
        {
            return false;
        }

        var length = rest.Length < 12 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (rest.Length < 12 || length > (uint)rest.Length - 12)
        {
            throw new DataException(path, $"the chunk at byte {_next} runs past the end of the file: it is truncated or damaged.");
        }

        var content = (int)length;
        var type = Encoding.Latin1.GetString(rest.Slice(4, 4));
        var sound = (Verified && type == "IDAT") || Crc32.HashToUInt32(rest.Slice(4, content + 4)) == BinaryPrimitives.ReadUInt32BigEndian(rest[(content + 8)..]);
        if (!sound && (!char.IsAsciiLetterLower(type[0]) || type == "eXIf"))
        {
            throw new DataException(path, $"the checksum of chunk '{type}' at byte {_next} does not match: the file is damaged.");
        }

        Current = new PngChunk(type, sound, (_next + 8)..(_next + 8 + content), _next..(_next + 12 + content));
        _next += 12 + content;
        return true;
    }
}
