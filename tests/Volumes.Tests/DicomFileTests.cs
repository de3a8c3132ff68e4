using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Osteon.Abstractions;

namespace Osteon.Volumes.Tests;

public sealed class DicomFileTests
{
    private static readonly string[] Garbage = ["JPEG2000-embedded-sequence-delimiter.dcm", "JPEGLossless_1s_1f_i_16_16_bad.dcm"];

    // In a lossy file another build of a codec may differ by a level.
    private static readonly string[] Lossy = ["1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.91"];

    public static TheoryData<string> Readable =>
    [
        "hand_CR_12bit_j2k.dcm", "leg_CR_mono1_jpeg_lossless.dcm", "leg_CR_mono1_j2k_lossless.dcm", "leg_CR_mono1_jpeg_12bit_lossy.dcm", "leg_CR_mono1_j2k_lossy.dcm",
        "chest_CR_mono1_15bit_j2k_lossy.dcm", "angio_XA_10bit_rle.dcm", "angio_XA_10bit_jpegls_lossless.dcm", "chest_CR_mono1_10bit_uncompressed.dcm",
        "chest_CR_8bit_jpeg_baseline_no_window.dcm", "chest_CR_8bit_jpeg_baseline_fake_mono1.dcm", "teeth_CR_mono1_modality_lut_seq.dcm", "tiny_CR_mono1_12bit_rescale.dcm",
        "MR_small.dcm", "MR_small_implicit.dcm", "MR_small_bigendian.dcm", "MR_small_RLE.dcm", "MR_small_jp2klossless.dcm", "CT_small.dcm", "image_dfl.dcm", "JPGExtended.dcm",
        "SC_rgb_small_odd.dcm", "SC_rgb_rle_16bit.dcm", "rtdose.dcm", "liver_1frame.dcm", "J2K_pixelrep_mismatch.dcm",
    ];

    public static TheoryData<string> Windowed =>
    [
        "hand_CR_12bit_j2k.dcm", "leg_CR_mono1_jpeg_lossless.dcm", "leg_CR_mono1_jpeg_12bit_lossy.dcm", "chest_CR_mono1_15bit_j2k_lossy.dcm", "chest_CR_mono1_10bit_uncompressed.dcm",
        "tiny_CR_mono1_12bit_rescale.dcm", "MR_small.dcm", "MR_small_bigendian.dcm", "J2K_pixelrep_mismatch.dcm",
    ];

    public static TheoryData<string, string> Unreadable => new()
    {
        { "MR_truncated.dcm", "(7FE0,0010) has 8,192 bytes, and 8,130 follow: the file is truncated" },
        { "tiny_CR_mono1_japanese_charset.dcm", "it holds no pixels (its modality is CR)" },
        { "rtplan.dcm", "it holds no pixels (its modality is RTPLAN)" },
        { "rtplan_truncated.dcm", "the file is truncated" },
        { "DICOMDIR", "it is a DICOMDIR" },
        { "empty_charset_LEI.dcm", "it holds no pixels" },
        { "no_meta.dcm", "this is no DICOM file" },
        { "meta_missing_tsyntax.dcm", "it holds no pixels" },
    };

    // nibabel 5's dicomwrappers, x and y turned to the right and to the front; it counts rows first, so its first two columns change places and the third its sign.
    [Theory]
    [InlineData("CT_small.dcm", new[] { -0.661468, 0, 0, 158.135803, 0, -0.661468, 0, 179.035797, 0, 0, 5, -75.699997 })]
    [InlineData("MR_small_implicit.dcm", new[] { -0.3125, 0, 0, 83.9063, 0, -0.3125, 0, 91.2, 0, 0, 0.8, 6.6406 })]
    [InlineData("J2K_pixelrep_mismatch.dcm", new[] { -0.431, 0, 0, 110.2153, 0, -0.3996232, -1.873, 98.1898, 0, -0.1614526, 4.636, 72.1446 })]
    [InlineData("hand_CR_12bit_j2k.dcm", null)]
    public void A_frame_lies_where_nibabel_says(string name, double[]? affine)
    {
        var origin = DicomFile.Read(Golden.File("dicom", name)).Render(new DicomRendering { Intensity = IntensityScale.Full }).Origin;
        Assert.Equal(affine is null, origin.Affine is null);
        Assert.All((affine ?? []).Zip(origin.Affine ?? []), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public void Stored_values_are_those_of_pydicom(string name)
    {
        var golden = Golden.Of("dicom", name);
        var decoded = golden["decoded"]!;
        var file = DicomFile.Read(Golden.File("dicom", name));
        var frames = Enumerable.Range(0, file.FrameCount).Select(file.ReadFrame).ToArray();

        int[] shape = [.. frames.Length > 1 ? [frames.Length] : Array.Empty<int>(), .. frames[0].Shape];
        Assert.Equal(decoded["shape"]!.AsArray().Select(n => (int)n!), shape);
        Assert.Equal((string)decoded["dtype"]!, frames[0].Type.ToString().ToLowerInvariant());
        if (Lossy.Contains(file.TransferSyntax))
        {
            Assert.Equal((double)decoded["mean"]!, frames[0].ToDoubles().Average(), 0.01);
        }
        else
        {
            var bytes = frames.SelectMany(f => f.Bytes.ToArray()).ToArray();
            Assert.Equal((string)decoded["sha256_le"]!, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }

        if (golden["modality_lut"] is { } modality)
        {
            var values = file.ReadValues(0);
            Assert.Equal((double)modality["min"]!, values.Min(), 1e-6);
            Assert.Equal((double)modality["max"]!, values.Max(), 1e-6);
            Assert.Equal((double)modality["mean"]!, values.Average(), 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Windowed))]
    public void The_first_window_gives_what_pydicom_gives(string name)
    {
        var golden = Golden.Of("dicom", name);
        var file = DicomFile.Read(Golden.File("dicom", name));
        var (slope, intercept) = ((double?)golden["RescaleSlope"] ?? 1, (double?)golden["RescaleIntercept"] ?? 0);
        var (bits, signed) = ((int)golden["BitsStored"]!, (int)golden["PixelRepresentation"]! == 1 && name != "J2K_pixelrep_mismatch.dcm");     // whose output pydicom counts from 0
        var low = ((signed ? -Math.Pow(2, bits - 1) : 0) * slope) + intercept;
        var high = ((signed ? Math.Pow(2, bits - 1) - 1 : Math.Pow(2, bits) - 1) * slope) + intercept;
        var window = new DicomWindow(First(golden["WindowCenter"]!), First(golden["WindowWidth"]!), WindowFunction.Linear, string.Empty);

        var shown = file.ReadValues(0).Select(v => (window.Grey(v) * (high - low)) + low).ToArray();
        var voi = golden["voi_index0"]!;
        Assert.Equal((double)voi["min"]!, shown.Min(), 1e-6 * (high - low));
        Assert.Equal((double)voi["max"]!, shown.Max(), 1e-6 * (high - low));
        Assert.Equal((double)voi["mean"]!, shown.Average(), Lossy.Contains(file.TransferSyntax) ? 0.05 : 1e-6 * (high - low));

        static double First(JsonNode node) => (double)(node is JsonArray list ? list[0]! : node);
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void What_is_no_image_says_so(string name, string why)
    {
        var path = Golden.File("dicom", name);
        var refused = Assert.Throws<DataException>(() => DicomFile.Read(path).ReadFrame(0));
        Assert.Equal(path, refused.Path);
        Assert.Contains(why, refused.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_file_ends_in_pixels_or_in_an_error()
    {
        foreach (var (name, _) in Golden.All("dicom").Where(f => !Garbage.Contains(f.Key) && !Readable.Any(r => r.Data == f.Key)))
        {
            Assert.Contains(Unreadable, u => u.Data.Item1 == name);
        }

        foreach (var name in Garbage)
        {
            var path = Golden.File("dicom", name);
            try
            {
                Assert.Equal(DicomFile.Read(path).Frame.Area, DicomFile.Read(path).ReadFrame(0).Count);
            }
            catch (DataException e)
            {
                Assert.Equal(path, e.Path);
            }
        }
    }

    [Theory]
    [InlineData("MR_small.dcm")]
    [InlineData("MR_small_implicit.dcm")]
    [InlineData("MR_small_bigendian.dcm")]
    public void A_data_set_without_preamble_and_meta_header_is_read_all_the_same(string name)
    {
        var bytes = File.ReadAllBytes(Golden.File("dicom", name));
        var begin = 144 + BitConverter.ToInt32(bytes, 140);         // what (0002,0000) says of the meta header's length
        var path = Path.Combine(Path.GetTempPath(), $"osteon-{Guid.NewGuid():N}.dcm");
        File.WriteAllBytes(path, bytes[begin..]);
        try
        {
            Assert.True(DicomFile.IsDicom(path));
            Assert.Equal(DicomFile.Read(Golden.File("dicom", name)).ReadFrame(0).ToDoubles(), DicomFile.Read(path).ReadFrame(0).ToDoubles());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Attributes_of_unknown_representation_are_read_by_the_dictionary()
    {
        // As a gateway that knows nothing writes them: every short-form element of MR_small as UN.
        var (_, data, _) = DicomParser.Parse("MR_small", File.ReadAllBytes(Golden.File("dicom", "MR_small.dcm")))!.Value;
        var file = new MemoryStream();
        DicomWriter.Begin(file, "1.2.840.10008.5.1.4.1.1.4", "1.2.3", DicomParser.ExplicitLittle);
        foreach (var element in data.Elements.Where(e => e.Items is null && (e.Tag & 0xFFFF) != 0))
        {
            DicomWriter.Value(file, element.Tag, element.Tag == DicomTags.PixelData ? "OW" : "UN", element.Value.Span);
        }

        var path = Path.Combine(Path.GetTempPath(), $"osteon-{Guid.NewGuid():N}.dcm");
        File.WriteAllBytes(path, file.ToArray());
        try
        {
            var (whole, unknown) = (DicomFile.Read(Golden.File("dicom", "MR_small.dcm")), DicomFile.Read(path));
            Assert.Equal(whole.Metadata, unknown.Metadata);
            Assert.Equal(whole.Windows(0), unknown.Windows(0));
            Assert.Equal(whole.ReadValues(0), unknown.ReadValues(0));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void MONOCHROME1_is_turned_around_unless_told_otherwise()
    {
        // The same pixels twice; in one file the tag was changed.
        var plain = DicomFile.Read(Golden.File("dicom", "chest_CR_8bit_jpeg_baseline_no_window.dcm"));
        var turned = DicomFile.Read(Golden.File("dicom", "chest_CR_8bit_jpeg_baseline_fake_mono1.dcm"));
        var options = new DicomRendering { Intensity = IntensityScale.Full, Bits = 8 };

        var (a, b) = (plain.Render(options), turned.Render(options));
        Assert.All(Enumerable.Range(0, 4096), i => Assert.Equal(255 - a.Bytes[i * 251], b.Bytes[i * 251]));
        Assert.True(a.Bytes.SequenceEqual(turned.Render(options with { Invert = InvertMode.Never }).Bytes));
        Assert.Equal(plain.ReadFrame(0).Bytes.ToArray(), a.Bytes.ToArray());
    }

    [Fact]
    public void Percentiles_are_those_of_NumPy()
    {
        // numpy.percentile(pixels, [1, 99]) of MR_small is [153.95, 1728.05].
        var file = DicomFile.Read(Golden.File("dicom", "MR_small.dcm"));
        var stored = file.ReadFrame(0);
        var image = file.Render(new DicomRendering { Intensity = IntensityScale.Percentile, Percentiles = [1, 99] });
        var pixels = image.Pixels<ushort>();
        for (var i = 0; i < pixels.Length; i++)
        {
            Assert.Equal(Math.Round(Math.Clamp((stored[i] - 153.95) / (1728.05 - 153.95), 0, 1) * 65535), pixels[i], 1.0);
        }
    }

    [Fact]
    public void A_window_is_chosen_by_number_or_name_and_a_wrong_one_lists_those_present()
    {
        var file = DicomFile.Read(Golden.File("dicom", "J2K_pixelrep_mismatch.dcm"));
        Assert.Equal(["40/100", "40/100", "40/200"], file.Windows(0).Select(w => w[(w.LastIndexOf(' ') + 1)..]));
        var wide = file.Render(new DicomRendering { Intensity = IntensityScale.Window, Window = "2" });
        var given = file.Render(new DicomRendering { Intensity = IntensityScale.Window, CenterWidth = [40, 200] });
        Assert.True(wide.Bytes.SequenceEqual(given.Bytes));
        Assert.Contains("40/200", Assert.Throws<DataException>(() => file.Render(new DicomRendering { Intensity = IntensityScale.Window, Window = "LUNG" })).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WindowFunction.Linear, 2048, 4096, 2047.5, 0.5)]
    [InlineData(WindowFunction.Linear, 2048, 1, 2047.5, 0)]         // PS3.3, C.11.2.1.2.1: a width of 1 is a threshold
    [InlineData(WindowFunction.Linear, 2048, 1, 2047.6, 1)]
    [InlineData(WindowFunction.LinearExact, 2048, 4096, 1024, 0.25)]
    [InlineData(WindowFunction.LinearExact, 2048, 4096, 4096, 1)]
    [InlineData(WindowFunction.Sigmoid, 2048, 4096, 2048, 0.5)]
    [InlineData(WindowFunction.Sigmoid, 0, 4, 1, 0.7310585786300049)]
    public void Windows_follow_the_standard(WindowFunction function, double center, double width, double value, double grey) =>
        Assert.Equal(grey, new DicomWindow(center, width, function, string.Empty).Grey(value), 1e-12);

    [Fact]
    public void Only_facts_of_the_list_leave_the_reader()
    {
        foreach (var (name, golden) in Golden.All("dicom").Where(f => Readable.Any(r => r.Data == f.Key)))
        {
            var file = DicomFile.ReadHeader(Golden.File("dicom", name));
            Assert.Equal((string)golden!["Modality"]!, file.Metadata["modality"]);
            Assert.Empty(file.Metadata.Keys.Except(["modality", "manufacturer", "model", "sex", "age", "height_m", "weight_kg", "body_part", "slice_thickness_mm", "kvp",
                "imager_pixel_spacing_mm", "view", "side", "photometric", "pixel_spacing_mm", "bits_stored", "lossy"]));
        }
    }

    [Fact]
    public void Spacing_at_the_detector_and_at_the_patient_are_kept_apart()
    {
        var tiny = DicomFile.Read(Golden.File("dicom", "tiny_CR_mono1_12bit_rescale.dcm"));
        Assert.Null(tiny.PixelSpacing);
        Assert.Equal((0.1, 0.1), tiny.ImagerPixelSpacing);
        Assert.Null(DicomFile.ReadHeader(Golden.File("dicom", "chest_CR_mono1_15bit_j2k_lossy.dcm")).PixelSpacing);    // it says 0
        Assert.Equal((0.3125, 0.3125), DicomFile.ReadHeader(Golden.File("dicom", "MR_small.dcm")).PixelSpacing);
    }

    [Fact]
    public void A_pseudonym_depends_on_patient_and_key_alone()
    {
        var first = DicomFile.ReadHeader(Golden.File("dicom", "MR_small.dcm"));
        var again = DicomFile.ReadHeader(Golden.File("dicom", "MR_small_RLE.dcm"));
        Assert.Equal(first.Pseudonym("a"), again.Pseudonym("a"));
        Assert.NotEqual(first.Pseudonym("a"), first.Pseudonym("b"));
        Assert.DoesNotContain("4MR1", first.Pseudonym("a"), StringComparison.Ordinal);       // the ID
    }

    [Theory]
    [InlineData("092Y", "90")]
    [InlineData("045Y", "45")]
    [InlineData("030M", "2")]
    [InlineData("010D", "0")]
    [InlineData("45", null)]
    public void Ages_are_years_and_the_oldest_are_one_group(string age, string? years) => Assert.Equal(years, DicomKept.Years(age));
}
