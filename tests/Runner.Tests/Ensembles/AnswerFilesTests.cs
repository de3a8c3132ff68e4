using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Volumes;

namespace Osteon.Runner.Tests.Ensembles;

public sealed class AnswerFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-answers-").FullName;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Slices_make_a_volume_where_their_source_lies(int axis)
    {
        // The source's voxels are the labels; its slices, read as images, come back as the same voxels under the same affine.
        int[] shape = [3, 4, 5];
        byte[] labels = [.. Enumerable.Range(0, 60).Select(i => (byte)(i * 7 % 3))];
        var geometry = new NiftiGeometry([-2, 0, 0, 90, 0, 2, 0, -120, 0, 0, 3, 7, 0, 0, 0, 1], [2, 2, 3], 1, 2);
        var file = Path.Combine(_folder, "case.nii.gz");
        NiftiFile.Write(file, new NumberArray(NumberType.UInt8, shape, firstFastest: true, labels), geometry);
        var source = NiftiFile.Read(file);
        var answers = new AnswerFiles(_folder, [AnswerForm.Nifti], LabelMode.Multiclass, ["background", "femur", "tibia"], axis);
        for (var slice = 0; slice < shape[axis]; slice++)
        {
            var (values, frame) = LabelFiles.SliceOf(source, file, axis, slice, 0);
            answers.Write(Case(Part.Of("case.nii.gz", slice)), file, ImageOrigin.Unknown, [.. Enumerable.Range(0, 3).Select(k => Mask.FromDense([.. values.Select(v => (byte)(v == k ? 1 : 0))], frame))]);
            Assert.False(Path.Exists(Path.Combine(_folder, "nifti")));
        }

        answers.Finish();
        var answer = NiftiFile.Read(Path.Combine(_folder, "nifti", "case.nii.gz"));
        Assert.Equal(shape, answer.Stored.Shape);
        Assert.Equal(labels, answer.Stored.Bytes.ToArray());
        Assert.Equal(geometry.Affine, answer.Geometry.Affine);
        Assert.Equal(geometry.Zooms, answer.Geometry.Zooms);
    }

    [Fact]
    public void Overlapping_classes_have_a_picture_and_a_place_on_the_fourth_axis_each()
    {
        var frame = new Frame(2, 3);
        Mask[] masks = [new(frame, [new Run(1, 3)]), new(frame, [new Run(3, 3)])];
        var answers = new AnswerFiles(_folder, [AnswerForm.Png, AnswerForm.Nifti], LabelMode.Multilabel, ["a/b", "Ulna"]);
        answers.Write(Case("x.png"), "x.png", new ImageOrigin { Spacing = new Spacing(0.2, 0.1) }, masks);
        Assert.Throws<ConfigurationException>(() => answers.Write(Case("below/x.jpg"), "x.jpg", ImageOrigin.Unknown, masks));
        answers.Finish();

        Assert.Equal([0, 255, 255, 255, 0, 0], ImageFile.ReadGray(Path.Combine(_folder, "png", "x", "a_b.png")).Bytes.ToArray());
        Assert.Equal([0, 0, 0, 255, 255, 255], ImageFile.ReadGray(Path.Combine(_folder, "png", "x", "Ulna.png")).Bytes.ToArray());
        var volume = NiftiFile.Read(Path.Combine(_folder, "nifti", "x.nii.gz"));
        Assert.Equal([3, 2, 1, 2], volume.Stored.Shape);
        Assert.Equal([0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1], volume.Stored.Bytes.ToArray());
        Assert.Equal(0.1, volume.Geometry.Zooms[0], precision: 6);
        Assert.Equal(0.2, volume.Geometry.Zooms[1], precision: 6);
    }

    // Frames of one file are pictures of their own, each where the file says that it lies.
    [Fact]
    public void A_frame_s_answer_lies_where_the_frame_does()
    {
        double[] affine = [0, -0.4, 0, 10, 0.5, 0, 0, -20, 0, 0, 3, 30, 0, 0, 0, 1];
        var frame = new Frame(2, 3);
        var answers = new AnswerFiles(_folder, [AnswerForm.Nifti], LabelMode.Multiclass, ["background", "femur"]);
        for (var k = 0; k < 2; k++)
        {
            affine[11] = 30 + (3 * k);
            answers.Write(Case(Part.Of("hand.dcm", k)), "hand.dcm", new ImageOrigin { Affine = [.. affine] }, [new(frame, [new Run(1, 5)]), new(frame, [new Run(k, 1)])]);
        }

        answers.Finish();
        for (var k = 0; k < 2; k++)
        {
            var volume = NiftiFile.Read(Path.Combine(_folder, "nifti", $"hand-000{k}.nii.gz"));
            affine[11] = 30 + (3 * k);
            Assert.All(affine.Zip(volume.Geometry.Affine), pair => Assert.Equal(pair.First, pair.Second, precision: 6));
            Assert.All(new[] { 0.5, 0.4, 3 }.Zip(volume.Geometry.Zooms), pair => Assert.Equal(pair.First, pair.Second, precision: 6));
            Assert.Equal(k, volume.Stored.Bytes.IndexOf((byte)1));
        }
    }

    [Fact]
    public void A_pixel_of_one_class_has_its_number()
    {
        var frame = new Frame(1, 4);
        var answers = new AnswerFiles(_folder, [AnswerForm.Png], LabelMode.Multiclass, ["background", "femur", "tibia"]);
        answers.Write(Case("x.png"), "x.png", ImageOrigin.Unknown, [new(frame, [new Run(0, 1)]), new(frame, [new Run(1, 1)]), new(frame, [new Run(2, 2)])]);
        Assert.Equal([0, 1, 2, 2], ImageFile.ReadGray(Path.Combine(_folder, "png", "x.png")).Bytes.ToArray());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CaseSource Case(string path) => new(path, "patient", Subset.Test, path, null);
}
