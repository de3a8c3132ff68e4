using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Plugins.NnUnet;
using Osteon.Testing;
using Osteon.Volumes;

namespace Osteon.Formats.Tests;

public sealed class NnUnetFormatTests : IDisposable
{
    private const string Plain = """{"channel_names":{"0":"radiograph"},"labels":{"background":0,"radius":1,"ulna":2},"numTraining":1,"file_ending":".nii.gz"}""";

    private readonly string _root = Directory.CreateTempSubdirectory("osteon-nnunet-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_picture_with_a_third_axis_of_one_is_one_case_that_knows_its_spacing()
    {
        Json(Plain);
        Volume("imagesTr/hand_1_0000.nii.gz", [3, 2, 1], [0, 51, 102, 153, 204, 255]);
        Volume("labelsTr/hand_1.nii.gz", [3, 2, 1], [0, 1, 1, 2, 0, 0]);
        Volume("imagesTs/hand_2_0000.nii.gz", [3, 2, 1], new byte[6]);
        var format = Format();

        var index = format.Index(_root);

        Assert.Empty(index.Findings);
        Assert.Equal(["radius", "ulna"], format.ClassesIn(_root));
        Assert.Equal([("hand_1", Subset.Train, "labelsTr/hand_1.nii.gz"), ("hand_2", Subset.Test, null)], index.Cases.Select(c => (c.Id, c.Subset, c.LabelPath)));
        var image = format.ReadImage(_root, index.Cases[0]);
        Assert.Equal(new byte[] { 0, 51, 102, 153, 204, 255 }, image.Bytes.ToArray());
        Assert.Equal(new Spacing(0.5, 0.25), image.Origin.Spacing);
        Assert.Equal([0.25, 0, 0, 7, 0, 0.5, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1], image.Origin.Affine);
        Assert.Equal([("radius", new Run(1, 2)), ("ulna", new Run(3, 1))], Labels(format, index.Cases[0]));
    }

    [Fact]
    public void A_volume_is_cut_into_slices_of_one_patient_each_where_it_lies()
    {
        Json(Plain);
        Volume("imagesTr/a_0000.nii.gz", [2, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7]);
        Volume("labelsTr/a.nii.gz", [2, 2, 2], [0, 0, 0, 0, 2, 0, 0, 1]);
        var format = Format();
        var cases = format.Index(_root).Cases;
        Assert.Equal([("a-0000", "a"), ("a-0001", "a")], cases.Select(c => (c.Id, c.Patient)));
        Assert.Equal(3, format.ReadImage(_root, cases[1]).Origin.Affine![11]);                   // one slice of 3 mm above the first
        Assert.Empty(Labels(format, cases[0]));
        Assert.Equal([("radius", new Run(3, 1)), ("ulna", new Run(0, 1))], Labels(format, cases[1]));
    }

    [Fact]
    public void Regions_are_classes_that_share_pixels_and_the_ignored_are_told()
    {
        Json("""
            {"channel_names":{"0":"MR"},"labels":{"background":0,"whole":[1,2,3],"core":[2,3],"enhancing":3,"ignore":4},"regions_class_order":[1,2,3],"numTraining":1,"file_ending":".png"}
            """);
        Picture("imagesTr/a_0000.png", 1, 5, 10, 20, 30, 40, 50);
        Picture("labelsTr/a.png", 1, 5, 0, 1, 2, 3, 4);
        var format = Format();
        var index = format.Index(_root);
        Assert.Equal(["layout:ignore-label"], index.Findings.Select(f => $"layout:{f.Check}"));
        Assert.Equal(["whole", "core", "enhancing"], format.ClassesIn(_root));
        Assert.Equal([("whole", new Run(1, 3)), ("core", new Run(2, 2)), ("enhancing", new Run(3, 1))], Labels(format, index.Cases.Single()));

        var kept = new NnUnetFormat(new NnUnetOptions { Ignored = IgnoredPixels.Class, Background = true });
        Assert.Equal(["background", "whole", "core", "enhancing", "ignore"], kept.ClassesIn(_root));
        Assert.Empty(kept.Index(_root).Findings);
        Assert.Equal(("ignore", new Run(4, 1)), Labels(kept, index.Cases.Single()).Last());
    }

    [Fact]
    public void A_channel_is_chosen_by_name_and_every_other_must_be_there()
    {
        Json("""{"channel_names":{"0":"T1","1":"T2"},"labels":{"background":0,"femur":1},"numTraining":2,"file_ending":".png"}""");
        Picture("imagesTr/a_0000.png", 1, 1, 10);
        Picture("imagesTr/a_0001.png", 1, 1, 20);
        Picture("labelsTr/a.png", 1, 1, 1);
        Picture("imagesTr/b_0001.png", 1, 1, 30);
        Picture("labelsTr/b.png", 1, 1, 1);
        var format = new NnUnetFormat(new NnUnetOptions { Channel = "T2" });
        var index = format.Index(_root);
        Assert.Equal([20, 30], index.Cases.Select(c => (int)format.ReadImage(_root, c).Bytes[0]));
        var finding = Assert.Single(index.Findings);
        Assert.Equal(("missing-channel", Severity.Red), (finding.Check, finding.Severity));
        Assert.Contains("imagesTr/b_0000.png (T1)", finding.Message, StringComparison.Ordinal);
        Assert.Contains("0: T1, 1: T2", Assert.Throws<ConfigurationException>(() => new NnUnetFormat(new NnUnetOptions { Channel = "FLAIR" }).Index(_root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_may_lie_along_the_fourth_axis_of_one_volume()
    {
        Json("""{"modality":{"0":"T1","1":"T2"},"labels":{"0":"background","1":"femur"},"numTraining":1,"training":[{"image":"./imagesTr/a.nii.gz","label":"./labelsTr/a.nii.gz"}],"test":["./imagesTs/b.nii.gz"]}""");
        Volume("imagesTr/a.nii.gz", [2, 1, 1, 2], [0, 0, 0, 255]);
        Volume("labelsTr/a.nii.gz", [2, 1, 1], [0, 1]);
        Volume("imagesTs/b_0000.nii.gz", [2, 1, 1, 2], new byte[4]);                            // as nnU-Net 1 renamed the Decathlon's
        var format = new NnUnetFormat(new NnUnetOptions { Channel = "T2", Bits = 8, Intensity = IntensityScale.Full });
        var index = format.Index(_root);
        Assert.Empty(index.Findings);
        Assert.Equal([("a", "imagesTr/a.nii.gz"), ("b", "imagesTs/b_0000.nii.gz")], index.Cases.Select(c => (c.Id, c.ImagePath)));
        Assert.Equal(new byte[] { 0, 255 }, format.ReadImage(_root, index.Cases[0]).Bytes.ToArray());
        Assert.Equal([("femur", new Run(1, 1))], Labels(format, index.Cases[0]));
    }

    [Fact]
    public void Files_that_dataset_json_lists_may_lie_anywhere_below_the_root()
    {
        var shared = Directory.CreateDirectory(Path.Combine(_root, "Dataset002_B")).FullName;
        File.WriteAllText(Path.Combine(shared, "dataset.json"), """
            {"channel_names":{"0":"x"},"labels":{"background":0,"femur":1},"numTraining":3,"file_ending":".png",
             "dataset":{"one":{"images":["../pictures/p.png"],"label":"../masks/p.png"},"two":{"images":["../../elsewhere/p.png"],"label":"../masks/p.png"},"three":{"images":["../pictures/q.png"],"label":"$HOME/q.png"}}}
            """);
        Picture("pictures/p.png", 1, 1, 9);
        Picture("masks/p.png", 1, 1, 1);
        var format = new NnUnetFormat(new NnUnetOptions { Dataset = "2" });
        var index = format.Index(_root);
        Assert.Equal(("one", "pictures/p.png"), index.Cases.Select(c => (c.Id, c.ImagePath)).Single());
        Assert.Equal([("femur", new Run(0, 1))], Labels(format, index.Cases[0]));
        Assert.Equal(["outside-root", "outside-root", "missing-channel", "case-count"], index.Findings.Select(f => f.Check).OrderByDescending(c => c, StringComparer.Ordinal));
        Assert.Contains("there are Dataset002_B", Assert.Throws<ConfigurationException>(() => new NnUnetFormat(new NnUnetOptions { Dataset = "7" }).Index(_root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_do_not_match_are_findings()
    {
        Json(Plain.Replace(".nii.gz", ".png", StringComparison.Ordinal));
        Picture("imagesTr/a_0000.png", 1, 1, 9);
        Picture("imagesTr/b.png", 1, 1, 9);
        Picture("imagesTr/c_0000.bmp.png.jpg", 1, 1, 9);
        Picture("labelsTr/a_0000.png", 1, 1, 1);
        var findings = Format().Index(_root).Findings;
        Assert.Equal(["stray-file", "channel-suffix", "missing-label", "missing-image"], findings.Select(f => f.Check).OrderByDescending(c => c switch { "stray-file" => 4, "channel-suffix" => 3, "missing-label" => 2, _ => 1 }));
        Assert.Contains("labels carry no channel suffix", findings[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_outside_the_table_and_a_label_that_lies_elsewhere_are_refused()
    {
        Json(Plain);
        Volume("imagesTr/a_0000.nii.gz", [3, 1, 1], new byte[3]);
        Volume("labelsTr/a.nii.gz", [3, 1, 1], [0, 7, 7]);
        var source = Format().Index(_root).Cases.Single();
        Assert.Contains("1 label value(s) are not in the labels of dataset.json: 7 (2 pixels). Those are background: 0, radius: 1, ulna: 2.", Refused(source).What, StringComparison.Ordinal);

        Volume("labelsTr/a.nii.gz", [3, 1, 1], new byte[3], shift: 1);
        Assert.Contains("affines differ", Refused(source).What, StringComparison.Ordinal);

        Volume("labelsTr/a.nii.gz", [1, 3, 1], new byte[3]);
        Assert.Contains("is 3×1, the image imagesTr/a_0000.nii.gz is 1×3", Refused(source).What, StringComparison.Ordinal);

        DataException Refused(CaseSource source) => Assert.Throws<DataException>(() => Format().ReadLabels(_root, source, new Frame(1, 3)));
    }

    [Fact]
    public void All_faults_of_dataset_json_are_told_at_once()
    {
        Json("""{"channel_names":{"0":"a","2":"b"},"labels":{"bone":1,"other":1,"part":"x","ignore":1},"file_ending":".mha"}""");
        var what = Assert.Throws<DataException>(() => Format().Index(_root)).What;
        foreach (var fault in new[] { "0, 2; they count from 0", "no label is 0", "the value 1 is 'bone' and 'other' and 'ignore'", "label 'part'", "the highest of all", "'file_ending' is '.mha'" })
        {
            Assert.Contains(fault, what, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Pages_of_a_TIFF_are_slices_with_the_spacing_that_lies_beside()
    {
        Json(Plain.Replace(".nii.gz", ".tif", StringComparison.Ordinal));
        Directory.CreateDirectory(Path.Combine(_root, "imagesTr"));
        Directory.CreateDirectory(Path.Combine(_root, "labelsTr"));
        File.Copy(SharedData.Path("data/images/pillow_multipage.tiff"), Path.Combine(_root, "imagesTr/a_0000.tif"));
        File.WriteAllText(Path.Combine(_root, "imagesTr/a.json"), """{"spacing":[2.0,0.5,0.25]}""");
        File.Copy(SharedData.Path("data/images/pillow_multipage.tiff"), Path.Combine(_root, "labelsTr/a.tif"));
        var format = Format();
        var index = format.Index(_root);
        Assert.Empty(index.Findings);
        Assert.Equal(["a-0000", "a-0001", "a-0002"], index.Cases.Select(c => c.Id));             // Pillow's test file has three
        Assert.Equal(new Spacing(0.5, 0.25), format.ReadImage(_root, index.Cases[2]).Origin.Spacing);
    }

    private static NnUnetFormat Format() => new(new NnUnetOptions { Bits = 8, Intensity = IntensityScale.Full });

    private IEnumerable<(string, Run)> Labels(DatasetFormat format, CaseSource source) =>
        format.ReadLabels(_root, source, format.ReadImage(_root, source).Frame).Cast<MaskAnnotation>().SelectMany(a => a.Mask.Runs.ToArray().Select(r => (a.Class, r)));

    private void Json(string text) => File.WriteAllText(Path.Combine(_root, "dataset.json"), text);

    private void Picture(string path, int height, int width, params byte[] pixels) => ImageFile.WritePng(Path.Combine(_root, path), new Image(new Frame(height, width), 1, pixels));

    private void Volume(string path, int[] shape, byte[] voxels, double shift = 0) =>
        NiftiFile.Write(Path.Combine(_root, path), new NumberArray(NumberType.UInt8, shape, firstFastest: true, voxels), new NiftiGeometry([0.25, 0, 0, 7 + shift, 0, 0.5, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1], [0.25, 0.5, 3], 1, 2));
}
