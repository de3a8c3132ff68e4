using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Datasets;

/// <summary>
/// One case's file, mapped into memory for as long as it is read: its parts are decoded from there straight to where they are wanted. Such
/// files are written beside their place, renamed into it and never changed; length and checksum are looked at before anything is believed.
/// </summary>
internal sealed unsafe class CaseFile : IDisposable
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _bytes;

    private CaseFile(MemoryMappedFile map, MemoryMappedViewAccessor view, long length)
    {
        (_map, _view) = (map, view);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
        Header = CaseHeader.Read(new ReadOnlySpan<byte>(_bytes, (int)Math.Min(length, CaseHeader.Size)));
    }

    public CaseHeader Header { get; }

    private ReadOnlySpan<byte> Pixels => Part(CaseHeader.Size, Header.ImageBytes);

    private ReadOnlySpan<byte> Words => Part(CaseHeader.Size + (long)Header.ImageBytes, Header.LabelBytes);

    public ReadOnlySpan<byte> Truth => Part(CaseHeader.Size + (long)Header.ImageBytes + Header.LabelBytes, Header.TruthBytes);

    public ReadOnlySpan<byte> Facts => Part(CaseHeader.Size + (long)Header.ImageBytes + Header.LabelBytes + Header.TruthBytes, Header.FactsBytes);

    /// <summary>Maps a file and proves it whole; otherwise null, with what is wrong.</summary>
    public static CaseFile? Open(string path, out string fault)
    {
        try
        {
            using var handle = File.OpenHandle(path);
            var length = RandomAccess.GetLength(handle);
            if (length < CaseHeader.Size)
            {
                fault = $"it has {length} bytes, a case file has at least {CaseHeader.Size}";
                return null;
            }

            var file = Map(handle, length);
            if (file.Fault(length) is not { } found)
            {
                fault = string.Empty;
                return file;
            }

            file.Dispose();
            fault = found;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = e.Message;
        }

        return null;
    }

    /// <summary>Fills in the pixels; false when they are damaged.</summary>
    public bool ReadImage(Image image)
    {
        if (Pixels.Length != image.Bytes.Length)
        {
            return PixelCodec.Decode(Pixels, image.Bytes, image.Frame.Width, image.BytesPerPixel);
        }

        Pixels.CopyTo(image.Bytes);
        return true;
    }

    /// <summary>Fills in the words; false when they are damaged.</summary>
    public bool ReadLabels(LabelMap labels)
    {
        if (Words.Length != labels.Bytes.Length)
        {
            return WordCodec.Decode(Words, labels);
        }

        Words.CopyTo(labels.Bytes);
        return true;
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
    }

    private static CaseFile Map(SafeFileHandle handle, long length)
    {
        var map = MemoryMappedFile.CreateFromFile(handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        try
        {
            return new CaseFile(map, map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read), length);
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    private string? Fault(long length) => Header.Fault(length)
        ?? (Header.Sum(Pixels, Words, Truth, Facts) == Header.Checksum ? null : "its checksum does not fit: it was damaged after it was written");

    private ReadOnlySpan<byte> Part(long offset, int length) => new(_bytes + offset, length);
}
