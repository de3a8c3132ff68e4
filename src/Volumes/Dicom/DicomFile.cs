using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Volumes;

/// <summary>
/// A DICOM image. Every transfer syntax that GDCM reads; the file's elements are parsed here, GDCM sees encapsulated frames alone,
/// in a process of its own. Of what the file says only <see cref="Metadata"/> leaves this class.
/// </summary>
public sealed class DicomFile
{
    private const int StartBytes = 1 << 18;

    private readonly string _path;
    private readonly DicomPixelModule _module;
    private readonly DicomDataset _data;
    private readonly DicomFrames _frames;

    private DicomFile(string path, DicomDataset meta, DicomDataset data, string syntax)
    {
        (_path, _data) = (path, data);
        _module = DicomPixelModule.Of(path, meta, data);
        _frames = new DicomFrames(path, _module, data, syntax);
        TransferSyntax = syntax;
        Metadata = DicomKept.Facts(data);
        Groups = new DicomGroups(data);
    }

    /// <summary>Height and width; a file of no other size has pixels of it.</summary>
    public Frame Frame => new(_module.Rows, _module.Columns);

    /// <summary>At least 1.</summary>
    public int FrameCount => _module.Frames;

    /// <summary>The UID of the way pixels are written.</summary>
    public string TransferSyntax { get; }

    /// <summary>MONOCHROME1, MONOCHROME2, PALETTE COLOR, RGB or YBR_….</summary>
    public string Photometric => _module.Photometric;

    /// <summary>Bits of a value that count.</summary>
    public int BitsStored => _module.BitsStored;

    /// <summary>What may be known of the image: modality, body part, side, view, sex, age, …; never who, when or where.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Millimetres a pixel (row, column) as calibrated or at the patient; null where the file does not say.</summary>
    public (double Row, double Column)? PixelSpacing => Spacing(Groups.Find(0, DicomTags.PixelMeasures, DicomTags.PixelSpacing));

    /// <summary>Millimetres a pixel (row, column) at the detector, which magnification makes larger than the patient's.</summary>
    public (double Row, double Column)? ImagerPixelSpacing => Spacing(_data[DicomTags.ImagerPixelSpacing]);

    /// <summary>True where the file says that text is burned into its pixels.</summary>
    public bool HasBurnedInText => _data.Text(DicomTags.BurnedIn) == "YES";

    internal DicomGroups Groups { get; }

    /// <summary>Reads a file whole.</summary>
    /// <exception cref="DataException">The file is missing, no DICOM file, damaged, cut short, or without pixels.</exception>
    public static DicomFile Read(string path)
    {
        var (meta, data, syntax) = DicomParser.Parse(path, BoundedFile.Read(path))!.Value;
        return new DicomFile(path, meta, data, syntax);
    }

    /// <summary>True for a file that begins as DICOM does; folders of a medium hold programs and texts too.</summary>
    /// <exception cref="DataException">The file is missing or cannot be read.</exception>
    public static bool IsDicom(string path) => DicomParser.BeginOf(BoundedFile.ReadStart(path, 132)) >= 0;

    /// <summary>Reads what stands before the pixels; <see cref="ReadFrame"/> of it does not work.</summary>
    /// <exception cref="DataException">As for <see cref="Read"/>, as far as that can be told.</exception>
    public static DicomFile ReadHeader(string path) => TryReadHeader(path, out var file, out var reason) ? file : throw new DataException(path, reason);

    /// <summary>As <see cref="ReadHeader"/>, for folders that hold other DICOM files among images.</summary>
    /// <param name="path">The file.</param>
    /// <param name="file">The header, of an image.</param>
    /// <param name="reason">Otherwise, why the file is none: a DICOMDIR, a plan, a report, ….</param>
    /// <returns>True for an image.</returns>
    /// <exception cref="DataException">The file is missing, no DICOM file, damaged or cut short.</exception>
    public static bool TryReadHeader(string path, [NotNullWhen(true)] out DicomFile? file, [NotNullWhen(false)] out string? reason)
    {
        // Icons and private data may stand before the pixels; then the whole file is read.
        var beginning = BoundedFile.ReadStart(path, StartBytes);
        var (meta, data, syntax) = (DicomParser.Parse(path, beginning, start: beginning.Length == StartBytes) ?? DicomParser.Parse(path, BoundedFile.Read(path)))!.Value;
        reason = DicomPixelModule.NoImage(meta, data);
        file = reason is null ? new DicomFile(path, meta, data, syntax) : null;
        return file is not null;
    }

    /// <summary>Stored values of a frame, (rows, columns) or (rows, columns, 3) where they are colours.</summary>
    /// <param name="frame">From 0.</param>
    /// <exception cref="DataException">The pixel data are damaged, or of a kind that is not read.</exception>
    public NumberArray ReadFrame(int frame)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual((uint)frame < (uint)FrameCount, true, nameof(frame));
        return _frames.Read(frame);
    }

    /// <summary>Modality values of a frame, row by row: what the rescale or the modality table makes of stored ones; of colours, their luminance.</summary>
    /// <exception cref="DataException">As for <see cref="ReadFrame"/>, or a table is damaged.</exception>
    public double[] ReadValues(int frame) => new DicomValues(_path, _module, _data, Groups).Modality(ReadFrame(frame), frame);

    /// <summary>Windows of the file, then its VOI tables, in their order.</summary>
    public IReadOnlyList<string> Windows(int frame) => new DicomVoi(_path, _module, _data, Groups, frame).Names;

    /// <summary>A frame as a grey image, with its <see cref="Image.Origin"/>.</summary>
    /// <exception cref="DataException">As for <see cref="ReadValues"/>, or the window asked for is not there: those present are listed.</exception>
    public Image Render(DicomRendering rendering, int frame = 0)
    {
        var values = new DicomValues(_path, _module, _data, Groups);
        var stored = ReadFrame(frame);
        return DicomGrey.Image(Frame, values, stored, frame, rendering, new DicomVoi(_path, _module, _data, Groups, frame), invert: rendering.Invert == InvertMode.Auto && Photometric == "MONOCHROME1", OriginOf(values, stored, frame));
    }

    // At the patient where the file says so, otherwise at the detector, which is what a plain radiograph has.
    private ImageOrigin OriginOf(DicomValues values, NumberArray stored, int frame) => new()
    {
        Kind = "dicom",
        Bits = BitsStored,
        Channels = _module.Samples,
        Coloured = values.IsColoured(stored),
        Photometric = Photometric,
        Spacing = (PixelSpacing ?? ImagerPixelSpacing) is var (row, column) ? new Spacing(row, column) : null,
        Affine = DicomPlane.AffineOf(Groups, frame, FrameCount, PixelSpacing),
    };

    /// <summary>
    /// A name for the patient that does not tell who it is: HMAC-SHA256 of the Patient ID. The same ID and key give the same name;
    /// with a key that others do not know, none of them can try IDs out.
    /// </summary>
    /// <returns>Twelve hexadecimal digits; null where the file has no Patient ID.</returns>
    public string? Pseudonym(string key) => _data.Text(DicomTags.PatientId) is { } id
        ? Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(id)).AsSpan(0, 6))
        : null;

    private static (double, double)? Spacing(DicomElement? element) => element?.Numbers is [> 0 and var row, > 0 and var column, ..] ? (row, column) : null;
}
