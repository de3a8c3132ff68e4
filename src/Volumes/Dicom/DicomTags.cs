namespace Osteon.Volumes;

/// <summary>The tags that are read, and the representation of those that an implicit data set leaves unsaid. DICOM PS3.6.</summary>
internal static class DicomTags
{
    public const uint
        TransferSyntax = 0x00020010, SopClass = 0x00080016, SopInstance = 0x00080018, Modality = 0x00080060, PatientId = 0x00100020,
        SamplesPerPixel = 0x00280002, Photometric = 0x00280004, PlanarConfiguration = 0x00280006, FrameCount = 0x00280008, Rows = 0x00280010, Columns = 0x00280011,
        PixelSpacing = 0x00280030, ImagerPixelSpacing = 0x00181164, BitsAllocated = 0x00280100, BitsStored = 0x00280101, HighBit = 0x00280102, PixelRepresentation = 0x00280103,
        Padding = 0x00280120, PaddingLimit = 0x00280121, BurnedIn = 0x00280301, WindowCenter = 0x00281050, WindowWidth = 0x00281051,
        RescaleIntercept = 0x00281052, RescaleSlope = 0x00281053, WindowName = 0x00281055, VoiFunction = 0x00281056,
        RedDescriptor = 0x00281101, RedData = 0x00281201, SegmentedRed = 0x00281221,
        ModalityLut = 0x00283000, LutDescriptor = 0x00283002, LutExplanation = 0x00283003, LutData = 0x00283006, VoiLut = 0x00283010,
        SliceThickness = 0x00180050, SliceSpacing = 0x00180088, Position = 0x00200032, Orientation = 0x00200037, PlanePosition = 0x00209113, PlaneOrientation = 0x00209116,
        PixelMeasures = 0x00289110, FrameVoi = 0x00289132, FrameTransformation = 0x00289145,
        SharedGroups = 0x52009229, FrameGroups = 0x52009230, FloatPadding = 0x00280122, DoublePadding = 0x00280123, FloatPaddingLimit = 0x00280124, DoublePaddingLimit = 0x00280125, ExtendedOffsets = 0x7FE00001, FloatPixels = 0x7FE00008, DoublePixels = 0x7FE00009, PixelData = 0x7FE00010,
        Item = 0xFFFEE000, ItemEnd = 0xFFFEE00D, SequenceEnd = 0xFFFEE0DD;

    private static readonly Dictionary<uint, string> Implicit = new()
    {
        [SopClass] = "UI", [SopInstance] = "UI", [Modality] = "CS",
        [SamplesPerPixel] = "US", [Photometric] = "CS", [PlanarConfiguration] = "US", [FrameCount] = "IS", [Rows] = "US", [Columns] = "US",
        [BitsAllocated] = "US", [BitsStored] = "US", [HighBit] = "US", [PixelRepresentation] = "US",
        [ModalityLut] = "SQ", [VoiLut] = "SQ", [PixelMeasures] = "SQ", [PlanePosition] = "SQ", [PlaneOrientation] = "SQ", [FrameVoi] = "SQ", [FrameTransformation] = "SQ", [SharedGroups] = "SQ", [FrameGroups] = "SQ",
        [FloatPadding] = "FL", [FloatPaddingLimit] = "FL", [DoublePadding] = "FD", [DoublePaddingLimit] = "FD", [FloatPixels] = "OF", [DoublePixels] = "OD",
        [LutData] = "OW", [PixelData] = "OW", [0x00281201] = "OW", [0x00281202] = "OW", [0x00281203] = "OW", [0x00281221] = "OW", [0x00281222] = "OW", [0x00281223] = "OW",
    };

    // Whether these are signed is said by the pixel representation.
    private static readonly HashSet<uint> SignedByPixels = [Padding, PaddingLimit, LutDescriptor, 0x00281101, 0x00281102, 0x00281103];

    /// <summary>The representation in an implicit data set; DeIdentifyRules know more of those that are kept.</summary>
    public static string VrOf(uint tag) => Implicit.TryGetValue(tag, out var vr) ? vr
        : SignedByPixels.Contains(tag) ? "US"
        : DicomKept.VrOf(tag) ?? "UN";

    /// <summary>Pixels in one of the three elements that hold them.</summary>
    public static bool IsPixels(uint tag) => tag is FloatPixels or DoublePixels or PixelData;

    public static bool IsPrivate(uint tag) => ((tag >> 16) & 1) == 1;
}
