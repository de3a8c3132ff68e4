namespace Osteon.Volumes;

/// <summary>
/// The attributes that may leave a reader, and that a de-identified copy keeps: what a picture is made of and how it was taken,
/// never who, when or where. Everything that is not here stays behind. After DICOM PS3.15, table E.1-1, the basic profile with
/// the options "retain patient characteristics" and "retain device identity" narrowed to the model.
/// </summary>
internal static class DicomKept
{
    private static readonly Dictionary<uint, (string Vr, string Name, string? Fact)> Attributes = new()
    {
        [0x00080008] = ("CS", "ImageType", null),
        [0x00080016] = ("UI", "SOPClassUID", null),
        [0x00080060] = ("CS", "Modality", "modality"),
        [0x00080068] = ("CS", "PresentationIntentType", null),
        [0x00080070] = ("LO", "Manufacturer", "manufacturer"),
        [0x00081090] = ("LO", "ManufacturerModelName", "model"),
        [0x00100040] = ("CS", "PatientSex", "sex"),
        [0x00101010] = ("AS", "PatientAge", "age"),
        [0x00101020] = ("DS", "PatientSize", "height_m"),
        [0x00101030] = ("DS", "PatientWeight", "weight_kg"),
        [0x00180015] = ("CS", "BodyPartExamined", "body_part"),
        [0x00180050] = ("DS", "SliceThickness", "slice_thickness_mm"),
        [0x00180060] = ("DS", "KVP", "kvp"),
        [0x00181110] = ("DS", "DistanceSourceToDetector", null),
        [0x00181111] = ("DS", "DistanceSourceToPatient", null),
        [0x00181150] = ("IS", "ExposureTime", null),
        [0x00181151] = ("IS", "XRayTubeCurrent", null),
        [0x00181152] = ("IS", "Exposure", null),
        [0x00181164] = ("DS", "ImagerPixelSpacing", "imager_pixel_spacing_mm"),
        [0x00181508] = ("CS", "PositionerType", null),
        [0x00185100] = ("CS", "PatientPosition", null),
        [0x00185101] = ("CS", "ViewPosition", "view"),
        [0x00200020] = ("CS", "PatientOrientation", null),
        [0x00200032] = ("DS", "ImagePositionPatient", null),
        [0x00200037] = ("DS", "ImageOrientationPatient", null),
        [0x00200060] = ("CS", "Laterality", "side"),
        [0x00200062] = ("CS", "ImageLaterality", "side"),
        [0x00280002] = ("US", "SamplesPerPixel", null),
        [0x00280004] = ("CS", "PhotometricInterpretation", "photometric"),
        [0x00280006] = ("US", "PlanarConfiguration", null),
        [0x00280008] = ("IS", "NumberOfFrames", null),
        [0x00280010] = ("US", "Rows", null),
        [0x00280011] = ("US", "Columns", null),
        [0x00280030] = ("DS", "PixelSpacing", "pixel_spacing_mm"),
        [0x00280034] = ("IS", "PixelAspectRatio", null),
        [0x00280100] = ("US", "BitsAllocated", null),
        [0x00280101] = ("US", "BitsStored", "bits_stored"),
        [0x00280102] = ("US", "HighBit", null),
        [0x00280103] = ("US", "PixelRepresentation", null),
        [0x00280106] = ("US", "SmallestImagePixelValue", null),
        [0x00280107] = ("US", "LargestImagePixelValue", null),
        [0x00280120] = ("US", "PixelPaddingValue", null),
        [0x00280121] = ("US", "PixelPaddingRangeLimit", null),
        [0x00280301] = ("CS", "BurnedInAnnotation", null),
        [0x00280A02] = ("CS", "PixelSpacingCalibrationType", null),
        [0x00281050] = ("DS", "WindowCenter", null),
        [0x00281051] = ("DS", "WindowWidth", null),
        [0x00281052] = ("DS", "RescaleIntercept", null),
        [0x00281053] = ("DS", "RescaleSlope", null),
        [0x00281054] = ("LO", "RescaleType", null),
        [0x00281055] = ("LO", "WindowCenterWidthExplanation", null),
        [0x00281056] = ("CS", "VOILUTFunction", null),
        [0x00281101] = ("US", "RedPaletteColorLookupTableDescriptor", null),
        [0x00281102] = ("US", "GreenPaletteColorLookupTableDescriptor", null),
        [0x00281103] = ("US", "BluePaletteColorLookupTableDescriptor", null),
        [0x00281201] = ("OW", "RedPaletteColorLookupTableData", null),
        [0x00281202] = ("OW", "GreenPaletteColorLookupTableData", null),
        [0x00281203] = ("OW", "BluePaletteColorLookupTableData", null),
        [0x00281221] = ("OW", "SegmentedRedPaletteColorLookupTableData", null),
        [0x00281222] = ("OW", "SegmentedGreenPaletteColorLookupTableData", null),
        [0x00281223] = ("OW", "SegmentedBluePaletteColorLookupTableData", null),
        [0x00282110] = ("CS", "LossyImageCompression", "lossy"),
        [0x00283000] = ("SQ", "ModalityLUTSequence", null),
        [0x00283002] = ("US", "LUTDescriptor", null),
        [0x00283003] = ("LO", "LUTExplanation", null),
        [0x00283004] = ("LO", "ModalityLUTType", null),
        [0x00283006] = ("OW", "LUTData", null),
        [0x00283010] = ("SQ", "VOILUTSequence", null),
        [0x00289110] = ("SQ", "PixelMeasuresSequence", null),
        [0x00289132] = ("SQ", "FrameVOILUTSequence", null),
        [0x00289145] = ("SQ", "PixelValueTransformationSequence", null),
        [0x20500020] = ("CS", "PresentationLUTShape", null),
        [0x52009229] = ("SQ", "SharedFunctionalGroupsSequence", null),
        [0x52009230] = ("SQ", "PerFrameFunctionalGroupsSequence", null),
    };

    public static bool Contains(uint tag) => Attributes.ContainsKey(tag);

    public static string? VrOf(uint tag) => Attributes.TryGetValue(tag, out var kept) ? kept.Vr : null;

    public static string NameOf(uint tag) => Attributes.TryGetValue(tag, out var kept) ? kept.Name : DicomElement.NameOf(tag);

    /// <summary>What a case's metadata say, by the names other formats use.</summary>
    public static Dictionary<string, string> Facts(DicomDataset data)
    {
        var facts = new Dictionary<string, string>();
        foreach (var (tag, (_, _, fact)) in Attributes.Where(a => a.Value.Fact is not null))
        {
            if (data[tag] is { Items: null } element && Fact(tag, element) is { Length: > 0 } text)
            {
                facts.TryAdd(fact!, text);
            }
        }

        return facts;
    }

    // Codes and numbers only: a text of somebody's may hold a name where none belongs.
    private static string? Fact(uint tag, DicomElement element) => Attributes[tag].Vr switch
    {
        "AS" => Years(element.Texts[0]),
        "DS" or "US" => element.Numbers is { Length: > 0 } numbers && numbers.Any(n => n != 0) ? string.Join(' ', numbers.Select(n => n.ToString("R", System.Globalization.CultureInfo.InvariantCulture))) : null,
        "CS" => element.Texts[0] is var code && code.Length <= 16 && code.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is ' ' or '_') ? code : null,
        _ => string.Concat(element.Texts[0].Where(c => c is >= ' ' and <= '~').Take(64)),
    };

    /// <summary>Years as a number; those of 90 and more are one group, as they could point at a person.</summary>
    internal static string? Years(string age)
    {
        if (age.Length != 4 || !int.TryParse(age.AsSpan(0, 3), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var count))
        {
            return null;
        }

        var years = age[3] switch { 'Y' => count, 'M' => count / 12, 'W' => count / 52, 'D' => count / 365, _ => -1 };
        return years < 0 ? null : Math.Min(years, 90).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
