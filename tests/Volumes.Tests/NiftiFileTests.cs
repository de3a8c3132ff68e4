using System.Text.Json.Nodes;
using Osteon.Abstractions;

namespace Osteon.Volumes.Tests;

public sealed class NiftiFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-nifti-").FullName;

    public static TheoryData<string> Readable =>
    [
        "anatomical.nii", "functional.nii", "reoriented_anat_moved.nii", "resampled_anat_moved.nii", "standard.nii.gz", "example_nifti2.nii.gz", "row_major.dconn.nii",
        "rii_5D_small.nii", "rii_big.nii.gz", "rii_little.nii.gz", "rii_with_extension.nii.gz", "derived_fracatlas_IMG0000307.nii.gz", "derived_fracatlas_IMG0000352.nii.gz",
    ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Readable))]
    public void Reads_values_and_geometry_as_nibabel_does(string name)
    {
        var golden = Golden.Of("nifti", name);
        var image = NiftiFile.Read(Golden.File("nifti", name));

        var values = image.ToValues();
        var data = golden["fdata"]!;
        Assert.Equal(golden["shape"]!.AsArray().Select(n => (int)n!), name.Contains("dconn", StringComparison.Ordinal) ? image.Stored.Shape.Skip(4) : image.Stored.Shape);
        Assert.Equal((int)data["nan"]!, values.Count(double.IsNaN));
        Assert.Equal((double)data["min"]!, values.Where(v => !double.IsNaN(v)).Min(), 1e-9);
        Assert.Equal((double)data["max"]!, values.Where(v => !double.IsNaN(v)).Max(), 1e-9);
        if (!image.Scaled && (int)data["nan"]! == 0)
        {
            Assert.Equal((string)data["sha256_f64_colmajor"]!, Golden.Hash(values));
        }
        else
        {
            Assert.Equal((double)data["sum"]!, values.Where(v => !double.IsNaN(v)).Sum(), Math.Abs((double)data["sum"]!) * 1e-12);
        }

        Assert.Equal((int)golden["n_extensions"]!, image.Extensions.Count);
        if (golden["affine"] is JsonArray affine)
        {
            var expected = affine.SelectMany(row => row!.AsArray()).Select(n => (double)n!).ToArray();
            Assert.All(expected.Zip(image.Geometry.Affine), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
            Assert.All(golden["zooms"]!.AsArray().Zip(image.Geometry.Zooms), pair => Assert.Equal((double)pair.First!, pair.Second, 1e-6));
        }
    }

    [Theory]
    [InlineData("nifti1.hdr", "there is no nifti1.img beside it")]
    [InlineData("nifti2.hdr", "there is no nifti2.img beside it")]
    [InlineData("rii_not-nifti.nii", "neither 348 nor 540")]
    public void What_cannot_be_read_says_why(string name, string why) =>
        Assert.Contains(why, Assert.Throws<DataException>(() => NiftiFile.Read(Golden.File("nifti", name))).What, StringComparison.Ordinal);

    [Fact]
    public void A_cut_file_is_truncated()
    {
        var whole = File.ReadAllBytes(Golden.File("nifti", "functional.nii"));
        var path = Path.Combine(_folder, "cut.nii");
        File.WriteAllBytes(path, whole[..^1]);
        Assert.Contains("truncated", Assert.Throws<DataException>(() => NiftiFile.Read(path)).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.nii")]
    [InlineData("a.nii.gz")]
    public void What_is_written_lies_where_the_source_lay(string name)
    {
        var source = NiftiFile.Read(Golden.File("nifti", "example_nifti2.nii.gz"));
        var path = Path.Combine(_folder, name);
        NiftiFile.Write(path, source.Stored, source.Geometry);

        var again = NiftiFile.Read(path);
        Assert.Equal(source.Stored.Shape, again.Stored.Shape);
        Assert.True(source.Stored.Bytes.SequenceEqual(again.Stored.Bytes));
        Assert.All(source.Geometry.Affine.Zip(again.Geometry.Affine), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.Equal(source.Geometry.Zooms, again.Geometry.Zooms);
        Assert.Equal(source.Geometry.Units, again.Geometry.Units);
    }

    [Fact]
    public void A_long_axis_makes_a_NIfTI_2_file()
    {
        var path = Path.Combine(_folder, "long.nii");
        NiftiFile.Write(path, new NumberArray(NumberType.UInt8, [40_000, 1, 2], firstFastest: true, new byte[80_000]), NiftiGeometry.Unit(3));
        Assert.Equal(540, BitConverter.ToInt32(File.ReadAllBytes(path)));
        Assert.Equal([40_000, 1, 2], NiftiFile.Read(path).Stored.Shape);
    }

    [Fact]
    public void Header_and_image_may_lie_apart()
    {
        var path = Path.Combine(_folder, "whole.nii");
        NiftiFile.Write(path, new NumberArray(NumberType.Int16, [2, 1], firstFastest: true, [1, 0, 0xFE, 0xFF]), NiftiGeometry.Unit(2));
        var bytes = File.ReadAllBytes(path);
        var header = bytes[..348];
        header[345] = (byte)'i';
        Array.Clear(header, 108, 4);
        File.WriteAllBytes(Path.Combine(_folder, "pair.hdr"), header);
        File.WriteAllBytes(Path.Combine(_folder, "pair.img"), bytes[352..]);
        Assert.Equal([1.0, -2.0], NiftiFile.Read(Path.Combine(_folder, "pair.hdr")).ToValues());
    }
}
