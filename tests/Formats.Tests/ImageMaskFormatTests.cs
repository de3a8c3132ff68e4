using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Plugins.ImageMask;
using Osteon.Testing;

namespace Osteon.Formats.Tests;

public sealed class ImageMaskFormatTests : IDisposable
{
    private static readonly Dictionary<string, int> MembraneAndCell = new() { ["cell"] = 255, ["membrane"] = 0 };

    private readonly string _root = Directory.CreateTempSubdirectory("osteon-imagemask-").FullName;

    public static TheoryData<ImageMaskOptions> Faulty =>
    [
        new ImageMaskOptions { Values = MembraneAndCell, Threshold = 127 },
        new ImageMaskOptions { Values = new Dictionary<string, int> { ["a"] = 1, ["b"] = 1 } },
        new ImageMaskOptions { Values = new Dictionary<string, int> { ["a"] = 70000 } },
        new ImageMaskOptions { Values = new Dictionary<string, int> { ["a"] = 1 }, Ignore = [1] },
        new ImageMaskOptions { Threshold = -1 },
        new ImageMaskOptions { Images = ".", Labels = "." },
        new ImageMaskOptions { Images = "../elsewhere" },
        new ImageMaskOptions { Labels = "/etc" },
        new ImageMaskOptions { PatientPattern = "(" },
    ];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_the_membranes_of_the_ISBI_stack(bool byThreshold)
    {
        var root = SharedData.Path("data/isbi-em");
        var golden = JsonNode.Parse(File.ReadAllText(Path.Combine(root, "golden.json")))!["slices"]!;
        var format = new ImageMaskFormat(byThreshold
            ? new ImageMaskOptions { Threshold = 127, Foreground = "cell", Background = "membrane" }
            : new ImageMaskOptions { Values = MembraneAndCell });

        var index = format.Index(root);

        Assert.Equal(["membrane", "cell"], format.Classes);
        Assert.Empty(index.Findings);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"{i}"), index.Cases.Select(c => c.Id));
        Assert.All(index.Cases, source =>
        {
            var image = format.ReadImage(root, source);
            var areas = format.ReadLabels(root, source, image.Frame).Cast<MaskAnnotation>().ToDictionary(a => a.Class, a => a.Mask.Area);
            Assert.Equal((long)golden[source.Id]!["label"]!["values"]!["0"]!, areas["membrane"]);
            Assert.Equal((long)golden[source.Id]!["label"]!["values"]!["255"]!, areas["cell"]);
        });
    }

    [Fact]
    public void Reads_radiographs_whose_masks_lie_beside_them()
    {
        var root = SharedData.Path("data/xray-jsrt-demo");
        var format = new ImageMaskFormat(new ImageMaskOptions { Images = ".", Labels = ".", LabelSuffix = "-mask", Foreground = "lung" });

        var index = format.Index(root);

        Assert.Equal([("1", "1.jpg", "1-mask.png"), ("2", "2.jpg", "2-mask.png"), ("3", "3.jpg", "3-mask.png"), ("4", "4.jpg", "4-mask.png")],
            index.Cases.Select(c => (c.Id, c.ImagePath, c.LabelPath!)));
        Assert.DoesNotContain(index.Findings, f => f.Severity > Severity.Info);
        var lungs = Assert.IsType<MaskAnnotation>(Assert.Single(format.ReadLabels(root, index.Cases[0], new Frame(512, 512)))).Mask;
        Assert.Equal(71.995983, lungs.Area * 255 / (512.0 * 512), 0.05);       // the mask's mean, of which some edge pixels are grey
    }

    [Fact]
    public void Numbers_in_names_count_as_numbers()
    {
        foreach (var name in new[] { "10", "9", "a2b10", "a2b9", "a10", "007", "b" })
        {
            Put($"images/{name}.png", 1);
            Put($"labels/{name}.png", 1);
        }

        Assert.Equal(["007", "9", "10", "a2b9", "a2b10", "a10", "b"], new ImageMaskFormat(new()).Index(_root).Cases.Select(c => c.Id));
    }

    [Fact]
    public void Tells_what_has_no_partner()
    {
        Put("images/a.png", 1);
        Put("images/b.png", 1);
        Put("images/b.bmp", 1);
        Put("labels/b.png", 1);
        Put("labels/c.png", 1);
        File.WriteAllText(Path.Combine(_root, "images", "notes.txt"), "stray");

        var index = new ImageMaskFormat(new()).Index(_root);

        Assert.Equal(["a", "b"], index.Cases.Select(c => c.Id));
        Assert.Equal(
            [("duplicate-id", "images/b.png"), ("missing-image", "labels/c.png"), ("missing-label", "images/a.png"), ("stray-file", "images/notes.txt")],
            index.Findings.Select(f => (f.Check, f.Where)).OrderBy(f => f.Check, StringComparer.Ordinal));
    }

    [Fact]
    public void Test_images_get_ids_of_their_own()
    {
        Put("images/0.png", 1);
        Put("labels/0.png", 1);
        Put("test/0.png", 1);

        var index = new ImageMaskFormat(new ImageMaskOptions { TestImages = "test" }).Index(_root);

        Assert.Equal([("0", "0", Subset.Train), ("test-0", "test-0", Subset.Test)], index.Cases.Select(c => (c.Id, c.Patient, c.Subset)));
        Assert.Empty(index.Findings);
    }

    [Fact]
    public void Finds_the_patient_in_the_name()
    {
        Put("images/P01_left.png", 1);
        Put("labels/P01_left.png", 1);
        Put("images/P01_right.png", 1);
        Put("labels/P01_right.png", 1);
        Put("images/stranger.png", 1);
        Put("labels/stranger.png", 1);

        var index = new ImageMaskFormat(new ImageMaskOptions { PatientPattern = "^(?<patient>P[0-9]+)_" }).Index(_root);

        Assert.Equal(["P01", "P01", "stranger"], index.Cases.Select(c => c.Patient));
        Assert.Equal(("no-patient", Severity.Red), index.Findings.Select(f => (f.Check, f.Severity)).Single());
    }

    [Fact]
    public void A_label_of_another_size_is_refused_with_both_sizes()
    {
        var format = new ImageMaskFormat(new());
        Put("images/a.png", 1, 2);
        Put("labels/a.png", 1);
        var source = format.Index(_root).Cases.Single();
        var refused = Assert.Throws<DataException>(() => format.ReadLabels(_root, source, format.ReadImage(_root, source).Frame));
        Assert.Equal("labels/a.png: the label image is 1×1, the image images/a.png is 1×2; they must agree.", refused.Message);
    }

    [Fact]
    public void Values_without_a_meaning_are_listed()
    {
        var refused = Assert.Throws<DataException>(() => Labels(new ImageMaskOptions { Values = MembraneAndCell }, 0, 255, 7, 7, 254));
        Assert.Contains("2 label value(s) have no meaning: 7 (2 pixels), 254 (1 pixels)", refused.What, StringComparison.Ordinal);
        Assert.Contains("membrane: 0, cell: 255", refused.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Ignored_values_belong_to_no_class()
    {
        var options = new ImageMaskOptions { Values = new Dictionary<string, int> { ["ulna"] = 2, ["radius"] = 1 }, Ignore = [0, 255] };
        var annotations = Labels(options, 0, 1, 1, 2, 255, 2);
        Assert.Equal(["radius", "ulna"], annotations.Select(a => a.Class));
        Assert.Equal([new Run(1, 2)], annotations[0].Mask.Runs.ToArray());
        Assert.Equal([new Run(3, 1), new Run(5, 1)], annotations[1].Mask.Runs.ToArray());
    }

    [Fact]
    public void Neighbouring_values_above_the_threshold_are_one_run() =>
        Assert.Equal([new Run(1, 3)], Labels(new ImageMaskOptions { Threshold = 100 }, 100, 101, 255, 200, 3).Single().Mask.Runs.ToArray());

    [Fact]
    public void A_link_out_of_the_root_is_not_followed()
    {
        var format = new ImageMaskFormat(new());
        Put("images/a.png", 1);
        Directory.CreateDirectory(Path.Combine(_root, "labels"));
        File.CreateSymbolicLink(Path.Combine(_root, "labels", "a.png"), "/etc/hostname");
        Assert.Contains("link", Assert.Throws<DataException>(() => format.ReadLabels(_root, format.Index(_root).Cases[0], new Frame(1, 1))).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_root_of_another_layout_says_what_was_looked_for() =>
        Assert.Contains("'images'", Assert.Throws<ConfigurationException>(() => new ImageMaskFormat(new()).Index(_root)).Message, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Faulty))]
    public void Options_that_make_no_sense_are_refused(ImageMaskOptions options) =>
        Assert.Throws<ConfigurationException>(() => new ImageMaskFormat(options));

    private List<MaskAnnotation> Labels(ImageMaskOptions options, params byte[] pixels)
    {
        Put("images/a.png", pixels);
        Put("labels/a.png", pixels);
        var format = new ImageMaskFormat(options);
        return [.. format.ReadLabels(_root, format.Index(_root).Cases.Single(), new Frame(1, pixels.Length)).Cast<MaskAnnotation>()];
    }

    private void Put(string path, params byte[] pixels)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, path))!);
        ImageFile.WritePng(Path.Combine(_root, path), new Image(new Frame(1, pixels.Length), 1, pixels));
    }
}
