using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>How the pixels of a data set are stored. DICOM PS3.3, section C.7.6.3.</summary>
/// <param name="Rows">Height.</param>
/// <param name="Columns">Width.</param>
/// <param name="Samples">1 of grey or palette, 3 of colour.</param>
/// <param name="Photometric">MONOCHROME1, MONOCHROME2, PALETTE COLOR, RGB, YBR_….</param>
/// <param name="BitsAllocated">1, 8, 16, 32 or 64.</param>
/// <param name="BitsStored">Of those, how many count.</param>
/// <param name="HighBit">Place of the highest that counts.</param>
/// <param name="Signed">Two's complement.</param>
/// <param name="Planar">Colours one plane after the other.</param>
/// <param name="Frames">At least 1.</param>
internal sealed record DicomPixelModule(
    int Rows, int Columns, int Samples, string Photometric, int BitsAllocated, int BitsStored, int HighBit, bool Signed, bool Planar, int Frames)
{
    private const long MaxPixels = 1L << 27;

    /// <summary>Chrominance at half the columns, in native pixels.</summary>
    public bool Subsampled => Photometric == "YBR_FULL_422";

    /// <summary>The element that holds the pixels: whole numbers, or Float and Double Float Pixel Data (PS3.3, section C.7.6.24).</summary>
    public uint PixelTag { get; init; } = DicomTags.PixelData;

    /// <summary>Floating-point numbers.</summary>
    public bool Real => PixelTag != DicomTags.PixelData;

    public NumberType Type => BitsAllocated switch
    {
        32 when Real => NumberType.Single,
        64 when Real => NumberType.Double,
        64 => Signed ? NumberType.Int64 : NumberType.UInt64,
        <= 8 => Signed ? NumberType.Int8 : NumberType.UInt8,
        16 => Signed ? NumberType.Int16 : NumberType.UInt16,
        _ => Signed ? NumberType.Int32 : NumberType.UInt32,
    };

    /// <summary>Bits of a native frame.</summary>
    public long FrameBits => (long)Rows * Columns * BitsAllocated * (Subsampled ? 2 : Samples);

    /// <summary>Why a data set is no image; null where it is one.</summary>
    public static string? NoImage(DicomDataset meta, DicomDataset data)
    {
        var kind = data.Text(DicomTags.SopClass) ?? meta.Text(0x00020002);
        if (data[0x00041220] is not null || kind == "1.2.840.10008.1.3.10")
        {
            return "it is a DICOMDIR, the directory of a medium; the images it lists are files of their own.";
        }

        return !data.Elements.Any(e => DicomTags.IsPixels(e.Tag)) || data[DicomTags.Rows] is null
            ? $"it holds no pixels{(data.Text(DicomTags.Modality) is { } modality ? $" (its modality is {modality})" : string.Empty)}."
            : null;
    }

    /// <exception cref="DataException">There are no pixels, or what is said of them makes no sense.</exception>
    public static DicomPixelModule Of(string path, DicomDataset meta, DicomDataset data)
    {
        if (NoImage(meta, data) is { } why)
        {
            throw new DataException(path, why);
        }

        var faults = new List<string>();
        var (rows, columns) = (Whole(DicomTags.Rows, "Rows", null, 1, ushort.MaxValue), Whole(DicomTags.Columns, "Columns", null, 1, ushort.MaxValue));
        var allocated = Whole(DicomTags.BitsAllocated, "BitsAllocated", null, 1, 64);
        var stored = Whole(DicomTags.BitsStored, "BitsStored", allocated, 1, allocated);
        var module = new DicomPixelModule(
            rows, columns, Whole(DicomTags.SamplesPerPixel, "SamplesPerPixel", 1, 1, 3), data.Text(DicomTags.Photometric) ?? "MONOCHROME2", allocated, stored,
            Whole(DicomTags.HighBit, "HighBit", stored - 1, stored - 1, allocated - 1), Whole(DicomTags.PixelRepresentation, "PixelRepresentation", 0, 0, 1) == 1,
            Whole(DicomTags.PlanarConfiguration, "PlanarConfiguration", 0, 0, 1) == 1, Whole(DicomTags.FrameCount, "NumberOfFrames", 1, 1, 1 << 20))
        {
            PixelTag = data[DicomTags.PixelData] is not null ? DicomTags.PixelData : data[DicomTags.FloatPixels] is not null ? DicomTags.FloatPixels : DicomTags.DoublePixels,
        };
        if (faults.Count == 0 && !module.Real && allocated is not (1 or 8 or 16 or 32 or 64))
        {
            faults.Add($"BitsAllocated is {allocated}; 1, 8, 16, 32 and 64 are read");
        }

        if (faults.Count == 0 && module.Real && (allocated != (module.PixelTag == DicomTags.FloatPixels ? 32 : 64) || module.Samples != 1))
        {
            faults.Add($"BitsAllocated is {allocated} and SamplesPerPixel {module.Samples}; Float Pixel Data have 32 and 1, Double Float Pixel Data 64 and 1");
        }

        if (faults.Count == 0 && module.Samples != (module.Photometric is "MONOCHROME1" or "MONOCHROME2" or "PALETTE COLOR" ? 1 : 3))
        {
            faults.Add($"SamplesPerPixel is {module.Samples}, which {module.Photometric} does not have");
        }

        if (faults.Count == 0 && (long)rows * columns > MaxPixels)
        {
            faults.Add($"a frame has {rows}×{columns} pixels; at most {MaxPixels:N0} are read");
        }

        return faults.Count == 0 ? module : throw new DataException(path, string.Join("; ", faults) + ": the file is damaged, or of a variant that is not read.");

        int Whole(uint tag, string name, int? missing, int least, int most)
        {
            var number = data[tag] is { Value.Length: > 0 } ? data.Number(tag) : missing;
            if (number is { } value && value >= least && value <= most && value == Math.Floor(value))
            {
                return (int)value;
            }

            faults.Add($"{name} is {(number is null ? "missing" : number)}; {least} to {most} were expected");
            return least;
        }
    }
}
