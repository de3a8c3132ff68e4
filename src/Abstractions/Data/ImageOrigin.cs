using System.Text.Json.Serialization;
using Osteon.Masks;

namespace Osteon.Abstractions;

/// <summary>What a file says of an image beyond its grey pixels. A reader fills in what it knows; Check compares it over a data set.</summary>
public sealed record ImageOrigin
{
    /// <summary>A reader that tells nothing.</summary>
    public static ImageOrigin Unknown { get; } = new();

    /// <summary>The kind of file in lower case, e.g. png, jpeg, tiff, bmp, dicom, nifti; empty: unknown.</summary>
    public string Kind { get; init; } = string.Empty;

    /// <summary>Bits of a sample that are used (DICOM: Bits Stored); 0: unknown.</summary>
    public int Bits { get; init; }

    /// <summary>Samples a pixel; 0: unknown. Three that agree everywhere are grey all the same.</summary>
    public int Channels { get; init; }

    /// <summary>True when the channels differ by more than a tint, so that making it grey lost something.</summary>
    public bool Coloured { get; init; }

    /// <summary>EXIF orientation, 1 to 8; the reader has applied it, so 5 to 8 swapped height and width.</summary>
    public int Orientation { get; init; } = 1;

    /// <summary>DICOM's photometric interpretation, e.g. MONOCHROME1, or empty.</summary>
    public string Photometric { get; init; } = string.Empty;

    /// <summary>Size of a pixel in mm, or null.</summary>
    public Spacing? Spacing { get; init; }

    /// <summary>
    /// Where the image lies in its patient, or null: 4×4, row by row, from (column, row, 0, 1) to millimetres with x to the right, y to
    /// the front and z up, as NIfTI counts them (RAS+). A third index counts along the axis that the image was cut from.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Affine { get; init; }

    /// <summary>Values that were NaN or infinite in the file, and were replaced.</summary>
    public long NotFinite { get; init; }
}
