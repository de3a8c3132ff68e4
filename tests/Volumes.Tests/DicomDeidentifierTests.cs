using System.Text;
using Osteon.Abstractions;

namespace Osteon.Volumes.Tests;

public sealed class DicomDeidentifierTests : IDisposable
{
    private static readonly byte[] Key = Encoding.ASCII.GetBytes("0123456789abcdef");

    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-deid-").FullName;

    public static TheoryData<string> Files =>
    [
        "MR_small.dcm", "MR_small_implicit.dcm", "MR_small_bigendian.dcm", "MR_small_RLE.dcm", "MR_small_jp2klossless.dcm", "CT_small.dcm", "image_dfl.dcm", "SC_rgb_rle_16bit.dcm", "rtdose.dcm",
        "liver_1frame.dcm", "tiny_CR_mono1_12bit_rescale.dcm", "teeth_CR_mono1_modality_lut_seq.dcm", "leg_CR_mono1_jpeg_lossless.dcm", "J2K_pixelrep_mismatch.dcm",
    ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Files))]
    public void A_copy_has_the_same_pixels_and_values_and_none_of_the_identifying_texts(string name)
    {
        var source = Golden.File("dicom", name);
        var copy = new DicomDeidentifier(Key).Copy(source, _folder);
        var (before, after) = (DicomFile.Read(source), DicomFile.Read(Path.Combine(_folder, copy.Path)));

        Assert.Equal(before.ReadValues(0), after.ReadValues(0));
        Assert.Equal(before.Windows(0), after.Windows(0));
        Assert.Equal(before.Metadata, after.Metadata);
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(_folder, copy.Path)));
        Assert.All(Identities(source), identity => Assert.DoesNotContain(identity, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_but_the_list_and_what_replaces_identities_is_in_a_copy()
    {
        var copy = new DicomDeidentifier(Key).Copy(Golden.File("dicom", "CT_small.dcm"), _folder);
        var data = DicomParser.Parse("copy", File.ReadAllBytes(Path.Combine(_folder, copy.Path)))!.Value.Data;
        uint[] replaced =
        [
            DicomTags.SopInstance, 0x00080020, 0x00080030, 0x00080050, 0x00080090, 0x00100010, DicomTags.PatientId, 0x00100030, 0x00120062, 0x00120063,
            0x0020000D, 0x0020000E, 0x00200010, 0x00200011, 0x00200013, 0x00200052, 0x00280303, DicomTags.PixelData,
        ];
        Assert.All(data.Elements, e => Assert.True(DicomKept.Contains(e.Tag) || replaced.Contains(e.Tag), e.Name));
        Assert.Equal("YES", data.Text(0x00120062));
        Assert.Null(data.Text(0x00100030));
        Assert.Contains("(0010,0030)", copy.Removed);
        Assert.True(copy.PrivateAttributes > 0);
    }

    [Fact]
    public void Patient_study_and_series_stay_together_and_the_key_decides_their_names()
    {
        var (a, b) = (Parsed("MR_small.dcm", Key), Parsed("MR_small_RLE.dcm", Key));
        var other = Parsed("MR_small.dcm", Encoding.ASCII.GetBytes("another key of 16"));
        Assert.All(new[] { DicomTags.PatientId, 0x0020000Du, 0x0020000Eu }, tag => Assert.Equal(a.Text(tag), b.Text(tag)));
        Assert.All(new[] { DicomTags.PatientId, 0x0020000Du, 0x0020000Eu, DicomTags.SopInstance }, tag => Assert.NotEqual(a.Text(tag), other.Text(tag)));
        Assert.All(new[] { 0x0020000Du, DicomTags.SopInstance }, tag => Assert.Matches(@"\A2\.25\.[1-9][0-9]{0,38}\z", a.Text(tag)!));
    }

    [Fact]
    public void Text_where_a_number_belongs_is_left_behind()
    {
        // Whoever writes a name into RescaleSlope must not get it through.
        var bytes = File.ReadAllBytes(Golden.File("dicom", "CT_small.dcm"));
        var at = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x28, 0x00, 0x53, 0x10, (byte)'D', (byte)'S']);
        Encoding.ASCII.GetBytes("DOE^").AsSpan(0, bytes[at + 6]).CopyTo(bytes.AsSpan(at + 8));
        var source = Path.Combine(_folder, "a.dcm");
        File.WriteAllBytes(source, bytes);
        var copy = new DicomDeidentifier(Key).Copy(source, _folder);
        Assert.Contains("RescaleSlope", copy.Removed);
        Assert.DoesNotContain("DOE", Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(_folder, copy.Path))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_copied_without_its_names_and_tells_what_it_left_out_and_refused()
    {
        var input = Path.Combine(_folder, "in", "DOE^JOHN");
        Directory.CreateDirectory(input);
        foreach (var name in new[] { "MR_small.dcm", "CT_small.dcm", "DICOMDIR", "rtplan.dcm", "MR_truncated.dcm" })
        {
            File.Copy(Golden.File("dicom", name), Path.Combine(input, name));
        }

        var output = Path.Combine(_folder, "out");
        var made = DeidentifiedFolder.Make(Path.Combine(_folder, "in"), output, Key, TestContext.Current.CancellationToken);

        Assert.Equal(2, made.Copies.Count);
        Assert.Equal(["DOE^JOHN/DICOMDIR", "DOE^JOHN/rtplan.dcm"], made.LeftOut.Select(l => l[..l.IndexOf(':', StringComparison.Ordinal)]));
        Assert.StartsWith("DOE^JOHN/MR_truncated.dcm: ", Assert.Single(made.Refused), StringComparison.Ordinal);
        Assert.Equal(made.Copies.Select(c => Path.Combine(output, c.Path)).Append(Path.Combine(output, "deidentified.json")).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("DOE", File.ReadAllText(Path.Combine(output, "deidentified.json")), StringComparison.Ordinal);
        Assert.Contains("not an empty folder", Assert.Throws<ConfigurationException>(() => DeidentifiedFolder.Make(input, output, Key, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        Assert.Contains("lies in the input", Assert.Throws<ConfigurationException>(() => DeidentifiedFolder.Make(input, Path.Combine(input, "out"), Key, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    private DicomDataset Parsed(string name, byte[] key) =>
        DicomParser.Parse(name, File.ReadAllBytes(Path.Combine(_folder, new DicomDeidentifier(key).Copy(Golden.File("dicom", name), _folder).Path)))!.Value.Data;

    /// <summary>Every text of five letters or more that stands in an attribute that is not kept.</summary>
    private static IEnumerable<string> Identities(string source)
    {
        var data = DicomParser.Parse(source, File.ReadAllBytes(source))!.Value.Data;
        var kept = data.Elements.Where(e => DicomKept.Contains(e.Tag) && e.Items is null).SelectMany(e => e.Texts).ToHashSet(StringComparer.Ordinal);
        return data.Elements.Where(e => !DicomKept.Contains(e.Tag) && e.Vr is "PN" or "LO" or "SH" or "UI" or "DA" or "TM" or "ST" or "LT" or "AE")
            .Where(e => e.Tag >> 16 is 0x08 or 0x10 or 0x20).SelectMany(e => e.Texts).Where(t => t.Length >= 5 && !kept.Any(k => k.Contains(t, StringComparison.Ordinal)));
    }
}
