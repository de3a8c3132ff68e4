using System.Globalization;
using System.Runtime.InteropServices;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Volumes;

/// <summary>A grey image that was never taken of anybody, as a computed radiograph is stored.</summary>
public sealed record DicomImage
{
    /// <summary>Height and width.</summary>
    public required Frame Frame { get; init; }

    /// <summary>Values, row by row, each within <see cref="BitsStored"/>.</summary>
    public required ReadOnlyMemory<ushort> Pixels { get; init; }

    /// <summary>Bits that count, 1 to 16.</summary>
    public int BitsStored { get; init; } = 12;

    /// <summary>MONOCHROME1: small values are bright.</summary>
    public bool Inverted { get; init; }

    /// <summary>Millimetres a pixel at the detector, (row, column).</summary>
    public (double Row, double Column)? ImagerPixelSpacing { get; init; }

    /// <summary>E.g. LSPINE.</summary>
    public string BodyPart { get; init; } = string.Empty;

    /// <summary>Of the made-up patient.</summary>
    public string PatientId { get; init; } = string.Empty;

    /// <summary>F, M or O.</summary>
    public string Sex { get; init; } = string.Empty;

    /// <summary>In years, 0 to 999.</summary>
    public int? Age { get; init; }

    /// <summary>The image's UID; the same for the same image.</summary>
    public required string SopInstance { get; init; }
}

/// <summary>Writes grey images as DICOM files of explicit little endian.</summary>
public static class DicomImageWriter
{
    private const string ComputedRadiography = "1.2.840.10008.5.1.4.1.1.1";

    /// <summary>Writes an image, whole or not at all; the same image gives the same bytes.</summary>
    /// <exception cref="ArgumentException">Pixels do not fit the frame, or leave the bits.</exception>
    public static void Write(string path, DicomImage image)
    {
        var most = (1 << image.BitsStored) - 1;
        if (image.BitsStored is < 1 or > 16 || image.Pixels.Length != image.Frame.Area || image.Pixels.Span.IndexOfAnyExceptInRange((ushort)0, (ushort)most) >= 0)
        {
            throw new ArgumentException($"{image.Pixels.Length} pixels must fill {image.Frame} and {image.BitsStored} bits.", nameof(image));
        }

        AtomicFile.Write(path, stream =>
        {
            DicomWriter.Begin(stream, ComputedRadiography, image.SopInstance, DicomParser.ExplicitLittle);
            DicomWriter.Text(stream, 0x00080005, "CS", "ISO_IR 192");
            DicomWriter.Text(stream, DicomTags.SopClass, "UI", ComputedRadiography);
            DicomWriter.Text(stream, DicomTags.SopInstance, "UI", image.SopInstance);
            DicomWriter.Text(stream, DicomTags.Modality, "CS", "CR");
            DicomWriter.Text(stream, DicomTags.PatientId, "LO", image.PatientId);
            DicomWriter.Text(stream, 0x00100040, "CS", image.Sex);
            DicomWriter.Text(stream, 0x00101010, "AS", image.Age is { } years ? years.ToString("D3", CultureInfo.InvariantCulture) + "Y" : string.Empty);
            DicomWriter.Text(stream, 0x00180015, "CS", image.BodyPart);
            if (image.ImagerPixelSpacing is var (row, column))
            {
                DicomWriter.Text(stream, DicomTags.ImagerPixelSpacing, "DS", string.Create(CultureInfo.InvariantCulture, $"{row:0.######}\\{column:0.######}"));
            }

            var module = new DicomPixelModule(image.Frame.Height, image.Frame.Width, 1, image.Inverted ? "MONOCHROME1" : "MONOCHROME2", 16, image.BitsStored, image.BitsStored - 1, false, false, 1);
            DicomWriter.Module(stream, module, frames: 1);
            DicomWriter.Value(stream, DicomTags.PixelData, "OW", MemoryMarshal.AsBytes(image.Pixels.Span));
        });
    }
}
