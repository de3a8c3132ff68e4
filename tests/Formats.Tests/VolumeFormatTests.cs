using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Plugins.Dicom;
using Osteon.Plugins.Nifti;
using Osteon.Plugins.NumPy;
using Osteon.Testing;
using Osteon.Volumes;

namespace Osteon.Formats.Tests;

public sealed class VolumeFormatTests : IDisposable
{
    private static readonly Dictionary<string, int> Bones = new() { ["ulna"] = 2, ["radius"] = 1 };

    private readonly string _root = Directory.CreateTempSubdirectory("osteon-volumes-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Slices_of_a_volume_are_cases_of_one_patient_with_one_grey_scale()
    {
        // 3 columns, 2 rows, 2 slices; the second slice is the brighter one.
        Volume("images/a_0000.nii.gz", [3, 2, 2], [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 100]);
        Volume("labels/a.nii.gz", [3, 2, 2], [0, 1, 1, 0, 0, 0, 2, 0, 0, 0, 0, 2]);
        var format = new NiftiFormat(new NiftiOptions { ImageSuffix = "_0000", Values = Bones, Bits = 8 });

        var index = format.Index(_root);

        Assert.Empty(index.Findings);
        Assert.Equal([("a-0000", "a", "images/a_0000.nii.gz#0000"), ("a-0001", "a", "images/a_0000.nii.gz#0001")], index.Cases.Select(c => (c.Id, c.Patient, c.ImagePath)));
        Assert.Equal("1", index.Cases[1].Metadata["slice"]);
        var second = format.ReadImage(_root, index.Cases[1]);
        Assert.Equal(new Frame(2, 3), second.Frame);
        Assert.Equal(new byte[] { 153, 178, 204, 230, 255, 255 }, second.Bytes.ToArray());      // 60/100 × 255 = 153, …
        Assert.Equal([("radius", new Run(1, 2))], Labels(format, index.Cases[0]));
        Assert.Equal([("ulna", new Run(0, 1)), ("ulna", new Run(5, 1))], Labels(format, index.Cases[1]));
    }

    [Fact]
    public void Another_axis_cuts_across()
    {
        Volume("images/a.nii", [3, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        var format = new NiftiFormat(new NiftiOptions { Axis = 0, Labels = "", Intensity = IntensityScale.Full, Bits = 8 });
        var cases = format.Index(_root).Cases;
        Assert.Equal(3, cases.Count);
        Assert.Equal(new byte[] { 1, 4, 7, 10 }, format.ReadImage(_root, cases[1]).Bytes.ToArray());
    }

    [Fact]
    public void A_label_that_lies_elsewhere_is_refused()
    {
        Volume("images/a.nii", [2, 2, 1], new byte[4]);
        Volume("labels/a.nii", [2, 2, 1], new byte[4], shift: 5);
        var format = new NiftiFormat(new NiftiOptions());
        Assert.Contains("affines differ", Assert.Throws<DataException>(() => Labels(format, format.Index(_root).Cases.Single())).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_real_label_has_its_area_and_five_axes_are_a_finding()
    {
        Copy("nifti/derived_fracatlas_IMG0000307.nii.gz", "images/x.nii.gz");
        Copy("nifti/derived_fracatlas_IMG0000307.nii.gz", "labels/x.nii.gz");
        var format = new NiftiFormat(new NiftiOptions { Foreground = "fracture" });
        var source = format.Index(_root).Cases.Single();
        Assert.Equal(764, format.ReadLabels(_root, source, new Frame(454, 373)).Cast<MaskAnnotation>().Single().Mask.Area);

        Copy("nifti/rii_5D_small.nii", "images/five.nii");
        Assert.Contains(format.Index(_root).Findings, f => f is { Check: "volume-axes", Severity: Severity.Red, Where: "images/five.nii" });
    }

    [Fact]
    public void A_hospital_export_is_read_and_what_is_no_image_is_left_out()
    {
        Copy("dicom/MR_small.dcm", "images/PAT1/IM0001");
        Copy("dicom/MR_small_implicit.dcm", "images/PAT1/IM0002.dcm");
        Copy("dicom/CT_small.dcm", "images/PAT2/IM0010.dcm");
        Copy("dicom/DICOMDIR", "images/DICOMDIR");
        Copy("dicom/rtplan.dcm", "images/PAT2/plan.dcm");
        Copy("dicom/MR_truncated.dcm", "images/PAT3/IM0001.dcm");
        var format = new DicomFormat(new DicomOptions { Labels = "" });

        var index = format.Index(_root);

        Assert.Equal(["PAT1-IM0001", "PAT1-IM0002", "PAT2-IM0010", "PAT3-IM0001"], index.Cases.Select(c => c.Id));
        Assert.Equal(index.Cases[0].Patient, index.Cases[1].Patient);
        Assert.NotEqual(index.Cases[0].Patient, index.Cases[2].Patient);
        Assert.All(index.Cases.Take(3), c => Assert.StartsWith("patient-", c.Patient, StringComparison.Ordinal));
        Assert.Equal([("no-image", "images/DICOMDIR"), ("no-image", "images/PAT2/plan.dcm")], index.Findings.Select(f => (f.Check, f.Where)));
        Assert.Equal("MR", index.Cases[0].Metadata["modality"]);
        Assert.Equal(new Frame(64, 64), format.ReadImage(_root, index.Cases[0]).Frame);
        Assert.Contains("truncated", Assert.Throws<DataException>(() => format.ReadImage(_root, index.Cases[3])).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_are_cases_when_asked_for()
    {
        Copy("dicom/rtdose.dcm", "images/dose.dcm");
        var format = new DicomFormat(new DicomOptions { Labels = "", Frames = FrameChoice.All });
        var cases = format.Index(_root).Cases;
        Assert.Equal(15, cases.Count);
        Assert.Equal("dose-0014", cases[14].Id);
        Assert.NotEqual(format.ReadImage(_root, cases[0]).Bytes.ToArray(), format.ReadImage(_root, cases[14]).Bytes.ToArray());
    }

    [Theory]
    [InlineData(".png")]
    [InlineData(".npy")]
    [InlineData(".nii")]
    public void Labels_of_DICOM_images_come_in_each_kind(string ending)
    {
        var frame = new Frame(2, 3);
        DicomImageWriter.Write(Path.Combine(_root, "images/a.dcm"), new DicomImage { Frame = frame, Pixels = new ushort[] { 0, 1, 2, 3, 4, 5 }, SopInstance = "1.2.3" });
        Directory.CreateDirectory(Path.Combine(_root, "labels"));
        byte[] map = [0, 1, 1, 2, 0, 0];
        switch (ending)
        {
            case ".png":
                ImageFile.WritePng(Path.Combine(_root, "labels/a.png"), new Image(frame, 1, map));
                break;
            case ".npy":
                NpyFile.Write(Path.Combine(_root, "labels/a.npy"), NumberArray.Of<byte>(map, 2, 3));
                break;
            default:
                Volume("labels/a.nii", [3, 2, 1], map);
                break;
        }

        var format = new DicomFormat(new DicomOptions { Values = Bones });
        Assert.Equal([("radius", new Run(1, 2)), ("ulna", new Run(3, 1))], Labels(format, format.Index(_root).Cases.Single()));
    }

    [Theory]
    [InlineData(StackLayout.Hwc)]
    [InlineData(StackLayout.Chw)]
    public void Stacks_stand_as_the_layout_says(StackLayout layout)
    {
        Directory.CreateDirectory(Path.Combine(_root, "images"));
        Directory.CreateDirectory(Path.Combine(_root, "labels"));
        NpyFile.Write(Path.Combine(_root, "images/a.npy"), NumberArray.Of<byte>([9, 8, 7, 6], 2, 2));
        NpyFile.Write(Path.Combine(_root, "labels/a.npy"), layout == StackLayout.Hwc ? NumberArray.Of<byte>([1, 0, 1, 1, 0, 1, 0, 0], 2, 2, 2) : NumberArray.Of<byte>([1, 1, 0, 0, 0, 1, 1, 0], 2, 2, 2));
        var format = new NumPyFormat(new NumPyOptions { Channels = ["radius", "ulna"], Layout = layout, Bits = 8 });
        var source = format.Index(_root).Cases.Single();
        Assert.Equal(new byte[] { 9, 8, 7, 6 }, format.ReadImage(_root, source).Bytes.ToArray());
        Assert.Equal([("radius", new Run(0, 2)), ("ulna", new Run(1, 2))], Labels(format, source));
    }

    [Fact]
    public void An_npz_holds_image_and_label()
    {
        Directory.CreateDirectory(Path.Combine(_root, "cases"));
        NpzFile.Write(Path.Combine(_root, "cases/1.npz"), ("x", NumberArray.Of<ushort>([1, 2, 3, 4], 2, 2)), ("y", NumberArray.Of<int>([0, 1, 0, 0], 2, 2)));
        var format = new NumPyFormat(new NumPyOptions { Images = "cases", Labels = "cases", ImageArray = "x", LabelArray = "y" });
        var index = format.Index(_root);
        Assert.Empty(index.Findings);
        Assert.Equal(new ushort[] { 1, 2, 3, 4 }, format.ReadImage(_root, index.Cases.Single()).Pixels<ushort>().ToArray());
        Assert.Equal([("foreground", new Run(1, 1))], Labels(format, index.Cases.Single()));
    }

    [Fact]
    public void Real_numbers_beyond_one_ask_for_a_scale()
    {
        Directory.CreateDirectory(Path.Combine(_root, "images"));
        NpyFile.Write(Path.Combine(_root, "images/a.npy"), NumberArray.Of<float>([0, 1, 2, float.NaN], 2, 2));
        var format = new NumPyFormat(new NumPyOptions { Labels = "" });
        Assert.Contains("choose intensity", Assert.Throws<DataException>(() => format.ReadImage(_root, format.Index(_root).Cases.Single())).What, StringComparison.Ordinal);
        var scaled = new NumPyFormat(new NumPyOptions { Labels = "", Intensity = IntensityScale.MinMax, Bits = 8 });
        Assert.Equal(new byte[] { 0, 128, 255, 0 }, scaled.ReadImage(_root, scaled.Index(_root).Cases.Single()).Bytes.ToArray());
    }

    [Fact]
    public void All_faults_of_the_options_are_told_at_once()
    {
        var refused = Assert.Throws<ConfigurationException>(() => new DicomFormat(new DicomOptions { Images = "../x", Bits = 12, Percentiles = [99, 1], PatientPattern = "(", Channels = ["a", "a"] }));
        Assert.Equal(5, refused.Faults.Count);
    }

    private IEnumerable<(string, Run)> Labels(DatasetFormat format, CaseSource source) =>
        format.ReadLabels(_root, source, format.ReadImage(_root, source).Frame).Cast<MaskAnnotation>().SelectMany(a => a.Mask.Runs.ToArray().Select(r => (a.Class, r)));

    private void Volume(string path, int[] shape, byte[] voxels, double shift = 0)
    {
        var unit = NiftiGeometry.Unit(3);
        double[] affine = [.. unit.Affine];
        affine[3] = shift;
        NiftiFile.Write(Path.Combine(_root, path), new NumberArray(NumberType.UInt8, shape, firstFastest: true, voxels), unit with { Affine = affine });
    }

    private void Copy(string shared, string to)
    {
        var from = SharedData.Path($"data/{shared}");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, to))!);
        File.Copy(from, Path.Combine(_root, to));
        File.SetAttributes(Path.Combine(_root, to), FileAttributes.Normal);
    }
}
