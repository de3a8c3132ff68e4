using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Osteon.Masks;

namespace Osteon.Datasets;

/// <summary>
/// The first 64 bytes of a case file, little-endian. Pixels follow (stored frame), then label words (stored frame), then the truth as runs
/// (original frame); an unlabelled case has neither. Last comes what the raw files told, as JSON. Pixels and words are coded
/// (<see cref="PixelCodec"/>, <see cref="WordCodec"/>) where that makes them shorter, otherwise as they are: their length tells which.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CaseHeader
{
    public const int Size = 64;
    private const ulong CaseMagic = 0x455341434E54534F;             // "OSTNCASE"
    private const uint CurrentVersion = 3, LabelledFlag = 1;

    public ulong Magic;
    public uint Version, Flags;
    public int OriginalHeight, OriginalWidth, StoredHeight, StoredWidth;
    public int BytesPerPixel, Classes;
    public int ImageBytes, LabelBytes, TruthBytes, FactsBytes;

    /// <summary>XXH3 of all that follows the header, seeded by that of the header before this field.</summary>
    public ulong Checksum;

    /// <summary>The header of the parts in their order; label words and truth are null exactly for an unlabelled case.</summary>
    public static CaseHeader For(Frame original, Frame stored, int bytesPerPixel, int classes, int imageBytes, int? labelBytes, int? truthBytes, int factsBytes) => new()
    {
        Magic = CaseMagic,
        Version = CurrentVersion,
        Flags = truthBytes is null ? 0 : LabelledFlag,
        OriginalHeight = original.Height,
        OriginalWidth = original.Width,
        StoredHeight = stored.Height,
        StoredWidth = stored.Width,
        BytesPerPixel = bytesPerPixel,
        Classes = classes,
        ImageBytes = imageBytes,
        LabelBytes = labelBytes ?? 0,
        TruthBytes = truthBytes ?? 0,
        FactsBytes = factsBytes,
    };

    public readonly bool Labelled => (Flags & LabelledFlag) != 0;

    public readonly Frame Original => new(OriginalHeight, OriginalWidth);

    public readonly Frame Stored => new(StoredHeight, StoredWidth);

    /// <summary>Bytes of the pixels as they are in memory.</summary>
    public readonly long PlainImageBytes => (long)StoredHeight * StoredWidth * BytesPerPixel;

    /// <summary>Bytes of the label words as they are in memory.</summary>
    public readonly long PlainLabelBytes => Labelled ? (long)StoredHeight * StoredWidth * LabelMap.WordBytesFor(Classes) : 0;

    public readonly long FileBytes => Size + (long)ImageBytes + LabelBytes + TruthBytes + FactsBytes;

    /// <summary>What is wrong with a file that begins so, or null. Nothing is allocated from a header before this.</summary>
    public readonly string? Fault(long fileLength) =>
        Magic != CaseMagic ? "it is no case file"
        : Version != CurrentVersion ? $"it has version {Version}, this program reads {CurrentVersion}"
        : !Sensible ? "its header is damaged"
        : FileBytes != fileLength ? $"it has {fileLength} bytes, its header says {FileBytes}"
        : null;

    /// <summary>The checksum that the header and the parts after it ought to have.</summary>
    public readonly ulong Sum(ReadOnlySpan<byte> image, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> truth, ReadOnlySpan<byte> facts)
    {
        var hash = new XxHash3((long)XxHash3.HashToUInt64(ToArray().AsSpan(0, Size - sizeof(ulong))));
        hash.Append(image);
        hash.Append(labels);
        hash.Append(truth);
        hash.Append(facts);
        return hash.GetCurrentHashAsUInt64();
    }

    private readonly bool Sensible =>
        Fits(OriginalHeight, OriginalWidth) && Fits(StoredHeight, StoredWidth) && BytesPerPixel is 1 or 2 && Classes is >= 1 and <= LabelMap.MaxClasses
        && PlainImageBytes <= Array.MaxLength && PlainLabelBytes <= Array.MaxLength && ImageBytes > 0 && ImageBytes <= PlainImageBytes
        && LabelBytes >= 0 && LabelBytes <= PlainLabelBytes && (Labelled ? LabelBytes > 0 && TruthBytes >= 0 : TruthBytes == 0) && FactsBytes >= 0;

    private static bool Fits(int height, int width) => height > 0 && width > 0 && (long)height * width <= int.MaxValue;

    public readonly byte[] ToArray()
    {
        var bytes = new byte[Size];
        MemoryMarshal.Write(bytes, in this);
        return bytes;
    }

    /// <summary>The header at the start of a case file; default, which has a fault, when the file is shorter.</summary>
    public static CaseHeader Read(ReadOnlySpan<byte> file) => file.Length >= Size && Unsafe.SizeOf<CaseHeader>() == Size ? MemoryMarshal.Read<CaseHeader>(file) : default;
}
