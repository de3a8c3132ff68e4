using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Plugins.NnUnet;
using Osteon.Testing;
using Osteon.Volumes;

namespace Osteon.Formats.Tests;

public sealed class NnUnetWriterTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("osteon-export-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>Random overlapping label maps come back bit for bit, whatever form they take on disk.</summary>
    [Theory]
    [InlineData(OverlapForm.Auto)]
    [InlineData(OverlapForm.Groups)]
    [InlineData(OverlapForm.Combinations)]
    public void What_is_written_comes_back_whatever_overlaps(OverlapForm form)
    {
        var maps = from classes in Gen.Choose(1, 9)
                   from height in Gen.Choose(1, 5)
                   from width in Gen.Choose(1, 6)
                   from sparse in Gen.Choose(1, 3)
                   from words in Gen.ArrayOf(Gen.Choose(0, (1 << classes) - 1), 2 * height * width)
                   from more in Gen.ArrayOf(Gen.Choose(0, (1 << classes) - 1), 2 * height * width)
                   select (classes, new Frame(height, width), words.Zip(more, (a, b) => sparse == 1 ? a : sparse == 2 ? a & b : a & -a).ToArray());
        Prop.ForAll(maps.ToArbitrary(), map =>
        {
            var (classes, frame, words) = map;
            var truths = words.Chunk(frame.Area).Select(w => ExportedSets.Masks(frame, classes, w)).ToArray();
            var folder = Directory.CreateDirectory(Path.Combine(_root, Guid.NewGuid().ToString("N"))).FullName;
            ExportedSets.Write(new NnUnetWriter(new NnUnetWriterOptions { Overlap = form, Ending = words.Length % 2 == 0 ? ".nii.gz" : ".png" }), folder, ExportedSets.Of(truths));
            ExportedSets.AssertComesBack(new NnUnetFormat(new NnUnetOptions()), folder, truths);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(15));
    }

    [Fact]
    public void Nested_classes_are_regions_from_the_outside_in()
    {
        var frame = new Frame(1, 5);

        // core ⊂ whole, enhancing ⊂ core, and other stands alone; whole is last in the order of classes.
        var set = ExportedSets.Of([[Mask(frame, 2, 2), Mask(frame, 3, 1), Mask(frame, 0, 1), Mask(frame, 1, 3)]], "core", "enhancing", "other", "whole");
        ExportedSets.Write(new NnUnetWriter(new NnUnetWriterOptions { Id = 7, DatasetName = "Tumour" }), _root, set);
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(_root, "Dataset007_Tumour/dataset.json")))!;
        Assert.Equal("""{"background":0,"whole":[1,2,3],"core":[2,3],"enhancing":3,"other":4}""", json["labels"]!.ToJsonString());
        Assert.Equal("[1,2,3,4]", json["regions_class_order"]!.ToJsonString());
        var labels = NiftiFile.Read(Path.Combine(_root, "Dataset007_Tumour/labelsTr/case0.nii.gz")).ToValues();

        // As nnU-Net writes a prediction: each region's value over what it covers, in regions_class_order.
        var regions = json["labels"]!.AsObject().Where(l => l.Key != "background").Select((l, i) => (Order: i + 1, Values: l.Value is JsonArray a ? a.Select(v => (double)(int)v!).ToArray() : [(double)(int)l.Value!])).ToArray();
        var predicted = new double[5];
        foreach (var (order, values) in regions)
        {
            for (var i = 0; i < 5; i++)
            {
                predicted[i] = values.Contains(labels[i]) ? order : predicted[i];
            }
        }

        Assert.Equal(labels, predicted);
        Assert.False(File.Exists(Path.Combine(_root, "groups.json")));
    }

    [Fact]
    public void Classes_that_cross_stand_in_as_few_data_sets_as_there_can_be()
    {
        var frame = new Frame(1, 6);

        // A path of overlaps a–b–c–d needs two groups, not four.
        var set = ExportedSets.Of([[Mask(frame, 0, 2), Mask(frame, 1, 2), Mask(frame, 2, 2), Mask(frame, 3, 2)]], "a", "b", "c", "d");
        ExportedSets.Write(new NnUnetWriter(new NnUnetWriterOptions { DatasetName = "Path" }), _root, set);
        Assert.Equal(["Dataset501_Path_1", "Dataset502_Path_2"], Directory.EnumerateDirectories(_root).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        var groups = JsonNode.Parse(File.ReadAllText(Path.Combine(_root, "groups.json")))!;
        Assert.Equal("""[{"folder":"Dataset501_Path_1","labels":{"a":1,"c":2}},{"folder":"Dataset502_Path_2","labels":{"b":1,"d":2}}]""", groups["datasets"]!.ToJsonString());
        Assert.False(Directory.Exists(Path.Combine(_root, "Dataset502_Path_2/imagesTr")));
        var second = JsonNode.Parse(File.ReadAllText(Path.Combine(_root, "Dataset502_Path_2/dataset.json")))!;
        Assert.Equal("""{"case0":{"images":["../Dataset501_Path_1/imagesTr/case0_0000.nii.gz"],"label":"labelsTr/case0.nii.gz"}}""", second["dataset"]!.ToJsonString());
        Assert.Equal(["b", "d"], new NnUnetFormat(new NnUnetOptions { Dataset = "502" }).ClassesIn(_root));
        Assert.Empty(new NnUnetFormat(new NnUnetOptions { Dataset = "502" }).Index(_root).Findings);
        Assert.Equal(["a", "b", "c", "d"], new NnUnetFormat(new NnUnetOptions()).ClassesIn(_root));
    }

    [Fact]
    public void Slices_are_stacked_again_where_they_lay()
    {
        double[] affine = [0, 0, -3, 9, 0.5, 0, 0, 8, 0, 0.25, 0, 7, 0, 0, 0, 1];
        var truths = Enumerable.Range(0, 3).Select(k => new[] { Mask(new Frame(2, 2), k, 1) }).ToArray();
        var set = ExportedSets.Of(truths, "bone");
        set = set with
        {
            Cases = [.. set.Cases.Select((c, k) => c with
            {
                Name = $"v-{k:D4}",
                Source = c.Source with { Metadata = new Dictionary<string, string> { ["volume"] = "v", ["slice"] = $"{k}" } },
                ReadImage = () => new Image(new Frame(2, 2), 2, [(byte)k, 0, 1, 0, 2, 0, 3, 0]) { Origin = new ImageOrigin { Affine = affine } },
            })],
        };
        set = set with { Folds = [new ExportedFold([set.Cases[0]], [set.Cases[1], set.Cases[2]])] };
        ExportedSets.Write(new NnUnetWriter(new NnUnetWriterOptions { Volumes = VolumeForm.Join, DatasetName = "V" }), _root, set);
        var volume = NiftiFile.Read(Path.Combine(_root, "Dataset501_V/imagesTr/v_0000.nii.gz"));
        Assert.Equal([2, 2, 3], volume.Stored.Shape);
        Assert.Equal(affine, volume.Geometry.Affine);
        Assert.Equal([0.5, 0.25, 3], volume.Geometry.Zooms);
        Assert.Equal(1, (int)JsonNode.Parse(File.ReadAllText(Path.Combine(_root, "Dataset501_V/dataset.json")))!["numTraining"]!);

        var missing = set with { Cases = [set.Cases[0], set.Cases[2]] };
        Assert.Contains("slices 0, 2 are there", Assert.Throws<ConfigurationException>(() => new NnUnetWriter(new NnUnetWriterOptions { Volumes = VolumeForm.Join }).Together(missing)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_background_of_softmax_experiments_is_label_0_and_comes_back_as_a_class()
    {
        var frame = new Frame(1, 3);
        Mask[][] truths = [[Mask(frame, 0, 1), Mask(frame, 1, 2)]];
        var writer = new NnUnetWriter(new NnUnetWriterOptions { DatasetName = "B" });
        ExportedSets.Write(writer, _root, ExportedSets.Of(truths, "bone", "background"));
        Assert.Equal([1, 0, 0], NiftiFile.Read(Path.Combine(_root, "Dataset501_B/labelsTr/case0.nii.gz")).ToValues());
        Assert.True((bool)writer.ReadBack.Options["background"]!);
        ExportedSets.AssertComesBack(new NnUnetFormat(new NnUnetOptions { Background = true }), _root, truths, "bone", "background");

        var other = ExportedSets.Of([[Mask(frame, 0, 1), Mask(frame, 1, 1)]], "bone", "background");
        Assert.Contains("leaves pixels without any class", Assert.Throws<ConfigurationException>(() => new NnUnetWriter(new NnUnetWriterOptions()).Begin(_root, other)).Message, StringComparison.Ordinal);
    }

    /// <summary>nibabel, as nnU-Net's own reader uses it, sees three axes, the spacing with 999 in the third, the affine and the types.</summary>
    [Fact]
    public void Nibabel_reads_what_is_written()
    {
        var frame = new Frame(2, 3);
        var set = ExportedSets.Of([[Mask(frame, 1, 2)]], "bone");
        set = set with { Cases = [set.Cases[0] with { ReadImage = () => new Image(frame, 2, [1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 0, 255]) { Origin = new ImageOrigin { Spacing = new Spacing(0.2, 0.1) } } }] };
        ExportedSets.Write(new NnUnetWriter(new NnUnetWriterOptions { DatasetName = "P" }), _root, set);
        var told = PythonPeer.Run("tests/Formats.Tests/Golden/read_nifti.py", Path.Combine(_root, "Dataset501_P/imagesTr/case0_0000.nii.gz"), Path.Combine(_root, "Dataset501_P/labelsTr/case0.nii.gz")).Trim();
        Assert.SkipWhen(told == "no nibabel", "needs nibabel for Debian's Python");
        const string Affine = "[[-0.1, 0.0, 0.0, 0.0], [0.0, -0.2, 0.0, 0.0], [0.0, 0.0, 999.0, 0.0], [0.0, 0.0, 0.0, 1.0]]";
        Assert.Equal(
            [$"(3, 2, 1) [0.1, 0.2, 999.0] uint16 {Affine} [[[1, 2, 3], [4, 5, 65280]]]", $"(3, 2, 1) [0.1, 0.2, 999.0] uint8 {Affine} [[[0, 1, 1], [0, 0, 0]]]"],
            told.Split('\n'));
    }

    private static Mask Mask(Frame frame, int start, int length) => new(frame, [new Run(start, length)]);
}
