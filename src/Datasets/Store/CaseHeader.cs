using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Osteon.Masks;

namespace Osteon.Datasets;

/// <summary>
/// The first 64 bytes of a case file, little-endian. Pixels follow (stored frame), then label words (stored frame), then the
/// truth as runs (original frame); an unlabelled case has neither. Last comes what the raw files told, as JSON.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CaseHeader
{
    public const int Size = 64;
    private const ulong CaseMagic = 0x455341434E54534F;             // "OSTNCASE"
    private const uint CurrentVersion = 2, LabelledFlag = 1;

    public ulong Magic;
    public uint Version, Flags;
    public int OriginalHeight, OriginalWidth, StoredHeight, StoredWidth;
    public int BytesPerPixel, Classes, WordBytes, FactsBytes;
    public long TruthBytes, FileBytes;

    public static CaseHeader For(Frame original, Frame stored, int bytesPerPixel, int classes, long? truthBytes, int factsBytes)
    {
        var header = new CaseHeader
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
            WordBytes = LabelMap.WordBytesFor(classes),
            TruthBytes = truthBytes ?? 0,
            FactsBytes = factsBytes,
        };
        header.FileBytes = header.FactsOffset + factsBytes;
        return header;
    }

    public readonly bool Labelled => (Flags & LabelledFlag) != 0;

    public readonly Frame Original => new(OriginalHeight, OriginalWidth);

    public readonly Frame Stored => new(StoredHeight, StoredWidth);

    public readonly long ImageBytes => (long)StoredHeight * StoredWidth * BytesPerPixel;

    public readonly long LabelBytes => Labelled ? (long)StoredHeight * StoredWidth * WordBytes : 0;

    public readonly long LabelOffset => Size + ImageBytes;

    public readonly long TruthOffset => LabelOffset + LabelBytes;

    public readonly long FactsOffset => TruthOffset + TruthBytes;

    /// <summary>What is wrong with a file of this length that begins so, or null. Nothing is allocated from a header before this.</summary>
    public readonly string? Fault(long fileLength) =>
        Magic != CaseMagic ? "it is no case file"
        : Version != CurrentVersion ? $"it has version {Version}, this program reads {CurrentVersion}"
        : !Sensible ? "its header is damaged"
        : FileBytes != fileLength ? $"it has {fileLength} bytes, its header says {FileBytes}"
        : null;

    private readonly bool Sensible =>
        Fits(OriginalHeight, OriginalWidth) && Fits(StoredHeight, StoredWidth) && BytesPerPixel is 1 or 2
        && Classes is >= 1 and <= LabelMap.MaxClasses && WordBytes == LabelMap.WordBytesFor(Classes)
        && ImageBytes <= Array.MaxLength && LabelBytes <= Array.MaxLength && TruthBytes >= 0 && TruthBytes <= Array.MaxLength
        && (Labelled || TruthBytes == 0) && FactsBytes >= 0 && FactsBytes <= Array.MaxLength && FileBytes == FactsOffset + FactsBytes;

    private static bool Fits(int height, int width) => height > 0 && width > 0 && (long)height * width <= int.MaxValue;

    public readonly byte[] ToArray()
    {
        var bytes = new byte[Size];
        MemoryMarshal.Write(bytes, in this);
        return bytes;
    }

    /// <summary>Reads the header at the start of an open case file; default, which has a fault, when the file is shorter.</summary>
    public static CaseHeader Read(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        Span<byte> bytes = stackalloc byte[Size];
        return RandomAccess.Read(file, bytes, 0) == Size && Unsafe.SizeOf<CaseHeader>() == Size ? MemoryMarshal.Read<CaseHeader>(bytes) : default;
    }
}
