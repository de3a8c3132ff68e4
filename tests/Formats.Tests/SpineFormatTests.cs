using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Plugins.Spine;
using Osteon.Testing;
using Osteon.Volumes;

namespace Osteon.Formats.Tests;

public sealed class SpineFormatTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("osteon-spine-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_synthetic_spine_is_read_as_it_was_drawn()
    {
        new SpineSynthesizer(new SpineSynthesizerOptions { Patients = 4, TestPatients = 1, Size = 160 }).Synthesize(_root, new Progress<(int, int)>(), TestContext.Current.CancellationToken);
        var format = new SpineFormat(new SpineOptions { TestImages = "test_img", TestLabels = "test_label", Invert = InvertMode.Auto });
        var index = format.Index(_root);

        Assert.Empty(index.Findings);
        Assert.Equal(["1", "2", "3", "4", "test-5"], index.Cases.Select(c => c.Id));
        Assert.Equal(["vertebra-1", "vertebra-2", "vertebra-3", "vertebra-4", "vertebra-5", "vertebra-6", "background"], format.Classes);
        Assert.All(index.Cases, source =>
        {
            var image = format.ReadImage(_root, source);
            var labels = format.ReadLabels(_root, source, image.Frame).Cast<MaskAnnotation>().ToDictionary(a => a.Class, a => a.Mask);
            Assert.Equal(new Frame(160, 128), image.Frame);
            Assert.Equal("LSPINE", source.Metadata["body_part"]);
            Assert.Equal(7, labels.Count);

            // Vertebrae come from the top down, none over another, and are brighter than what surrounds them, in MONOCHROME1 too.
            var tops = Enumerable.Range(1, 6).Select(k => labels[$"vertebra-{k}"].Runs[0].Start).ToArray();
            Assert.Equal(tops.Order(), tops);
            Assert.Equal(image.Frame.Area, labels.Values.Sum(m => m.Area));
            Assert.True(Mean(image, labels["vertebra-3"]) > 1.2 * Mean(image, labels["background"]));
        });
    }

    [Fact]
    public void Without_turning_around_MONOCHROME1_is_dark_where_bone_is()
    {
        new SpineSynthesizer(new SpineSynthesizerOptions { Patients = 4, TestPatients = 0, Size = 96 }).Synthesize(_root, new Progress<(int, int)>(), TestContext.Current.CancellationToken);
        var format = new SpineFormat(new SpineOptions());
        var source = format.Index(_root).Cases[3];
        var image = format.ReadImage(_root, source);
        var labels = format.ReadLabels(_root, source, image.Frame).Cast<MaskAnnotation>().ToDictionary(a => a.Class, a => a.Mask);
        Assert.Equal("MONOCHROME1", source.Metadata["photometric"]);
        Assert.True(Mean(image, labels["vertebra-3"]) < Mean(image, labels["background"]));
    }

    [Fact]
    public void The_same_options_give_the_same_bytes()
    {
        foreach (var name in new[] { "a", "b" })
        {
            new SpineSynthesizer(new SpineSynthesizerOptions { Patients = 2, TestPatients = 0, Size = 64 }).Synthesize(Path.Combine(_root, name), new Progress<(int, int)>(), TestContext.Current.CancellationToken);
        }

        Assert.All(new[] { "img/1.dcm", "img/2.dcm", "label/1.mat", "label/2.mat" }, file =>
            Assert.Equal(File.ReadAllBytes(Path.Combine(_root, "a", file)), File.ReadAllBytes(Path.Combine(_root, "b", file))));
    }

    [Fact]
    public void Names_are_sorted_as_numbers()
    {
        foreach (var name in new[] { "121", "99", "1000" })
        {
            Image($"img/{name}.dcm", new Frame(2, 2));
            Stack($"label/{name}.mat", 2, 2, 7);
        }

        Assert.Equal(["99", "121", "1000"], new SpineFormat(new SpineOptions()).Index(_root).Cases.Select(c => c.Id));
    }

    [Theory]
    [InlineData("derived_label_separated_v7_uint8.mat")]
    [InlineData("derived_label_separated_v7_double.mat")]
    [InlineData("derived_label_separated_v73_uint8.mat")]
    public void Stacks_of_real_masks_have_their_areas(string file)
    {
        var golden = JsonNode.Parse(File.ReadAllText(SharedData.Path("data/mat/golden.json")))!;
        Image("img/1.dcm", new Frame(631, 790));
        Directory.CreateDirectory(Path.Combine(_root, "label"));
        File.Copy(SharedData.Path($"data/mat/{file}"), Path.Combine(_root, "label", "1.mat"));
        var format = new SpineFormat(new SpineOptions());

        var areas = format.ReadLabels(_root, format.Index(_root).Cases.Single(), new Frame(631, 790)).Cast<MaskAnnotation>().ToDictionary(a => a.Class, a => (int)a.Mask.Area);
        Assert.Equal(golden["derived_class_areas"]!.AsArray().Select(n => (int)n!), format.Classes.Select(c => areas.GetValueOrDefault(c)));
    }

    [Fact]
    public void A_stack_of_other_channels_or_numbers_is_refused()
    {
        Image("img/1.dcm", new Frame(2, 3));
        Stack("label/1.mat", 2, 3, 6);
        var format = new SpineFormat(new SpineOptions());
        var source = format.Index(_root).Cases.Single();
        Assert.Contains("(2, 3, 6); the image and the classes ask for (2, 3, 7)", Assert.Throws<DataException>(() => format.ReadLabels(_root, source, new Frame(2, 3))).What, StringComparison.Ordinal);

        Stack("label/1.mat", 2, 3, 7, 1, 2);
        Assert.Contains("hold 1 and 2", Assert.Throws<DataException>(() => format.ReadLabels(_root, source, new Frame(2, 3))).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_are_stacks_of_row_column_channel()
    {
        var frame = new Frame(2, 3);
        var stack = LabelPlanes.ToStack([new Mask(frame, [new Run(1, 3)]), Mask.Empty(frame), Mask.Full(frame)]);
        var path = Path.Combine(_root, "121.npy");
        NpyFile.Write(path, stack);
        var again = NpyFile.Read(path);
        Assert.Equal([2, 3, 3], again.Shape);
        Assert.Equal([0, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0, 1], again.Values<byte>().ToArray());
    }

    private static double Mean(Image image, Mask mask)
    {
        var sum = 0.0;
        var pixels = image.Pixels<ushort>();
        foreach (var run in mask.Runs)
        {
            foreach (var value in pixels.Slice(run.Start, run.Length))
            {
                sum += value;
            }
        }

        return sum / mask.Area;
    }

    private void Image(string path, Frame frame) => DicomImageWriter.Write(Path.Combine(_root, path), new DicomImage { Frame = frame, Pixels = new ushort[frame.Area], SopInstance = "1.2.3" });

    private void Stack(string path, int height, int width, int channels, params byte[] first)
    {
        var bytes = new byte[height * width * channels];
        first.CopyTo(bytes, 0);
        MatWriter.Write(Path.Combine(_root, path), ("label_separated", new NumberArray(NumberType.UInt8, [height, width, channels], firstFastest: true, bytes)));
    }
}
