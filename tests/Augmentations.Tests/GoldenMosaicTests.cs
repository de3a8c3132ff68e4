using System.Text.Json;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Plugins.Augmentations.Mixing;
using Osteon.Testing;

namespace Osteon.Augmentations.Tests;

/// <summary>Mosaics beside what make_mosaic.py made with OpenCV and numpy.</summary>
public sealed class GoldenMosaicTests
{
    private static readonly (int Height, int Width)[] Frames = [(37, 53), (40, 21), (64, 64), (30, 90), (17, 19), (50, 33)];

    private static readonly JsonObject[] Rows = [.. JsonNode.Parse(
        File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "tests", "Augmentations.Tests", "Golden", "mosaic.json")))!["rows"]!.AsArray().Select(r => r!.AsObject())];

    public static TheoryData<int, string> Cases() => [.. Rows.Select((r, i) => new TheoryDataRow<int, string>(i, r["options"]!.ToJsonString()))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pixels_agree_with_the_reference(int index, string _)
    {
        var (options, row) = (Rows[index]["options"]!, Rows[index]);
        var mosaic = new Mosaic(new MosaicOptions
        {
            GridYx = ((int)options["grid_yx"]![0]!, (int)options["grid_yx"]![1]!),
            CellShape = FrameOf(options["cell_shape"]!),
            TargetSize = FrameOf(options["target_size"]!),
            FitMode = Enum.Parse<FitMode>((string)options["fit_mode"]!, ignoreCase: true),
            Interpolation = Enum.Parse<Interpolation>((string)options["interpolation"]!, ignoreCase: true),
            Fill = (double)options["fill"]!,
            FillMask = (long)options["fill_mask"]!,
        });
        var draw = row["draw"]!.Deserialize<MosaicDraw>()!;
        foreach (var bits in new[] { 8, 16 })
        {
            var mixed = AugmentationPipeline.Apply(mosaic, Sample(0, bits), draw, null, new Source(bits));
            Assert.Equal((string)row[$"image{bits}"]!, Golden.Digest(mixed.Image.Bytes));
            Assert.Equal((string)row[$"words{bits}"]!, Golden.Digest(mixed.Labels.Bytes));
        }
    }

    [Fact]
    public void No_other_is_drawn_twice_and_the_first_fills_what_is_left()
    {
        var (mosaic, random) = (new Mosaic(new MosaicOptions { GridYx = (3, 3), CellShape = new(8, 8), TargetSize = new(20, 20) }), RandomStream.For(4, "mosaic"));
        for (var i = 0; i < 200; i++)
        {
            var many = ((MosaicDraw)mosaic.Draw(ref random, new DrawContext(new Frame(8, 8), 9))).Others;
            Assert.Equal(many.Count, many.Distinct().Count());
            Assert.DoesNotContain(-1, many);
            var few = ((MosaicDraw)mosaic.Draw(ref random, new DrawContext(new Frame(8, 8), 2))).Others;
            Assert.Equal([0, 1], few.Where(place => place >= 0).Order());
        }
    }

    private static Frame FrameOf(JsonNode pair) => new((int)pair[0]!, (int)pair[1]!);

    private static Sample Sample(int k, int bits)
    {
        var frame = new Frame(Frames[k].Height, Frames[k].Width);
        return new Sample(new Image(frame, bits / 8, Hashed(frame, k, bits)), new LabelMap(frame, bits, Hashed(frame, k, bits)));
    }

    private static byte[] Hashed(Frame frame, int k, int bits)
    {
        var bytes = new byte[frame.Area * bits / 8];
        for (var i = 0; i < frame.Area; i++)
        {
            BitConverter.GetBytes(Golden.Hash((ulong)(i + 1 + (10000 * k)), bits)).AsSpan(0, bits / 8).CopyTo(bytes.AsSpan(i * bits / 8));
        }

        return bytes;
    }

    private sealed class Source(int bits) : ISampleSource
    {
        public int Count => Frames.Length - 1;

        public string NameOf(int index) => $"sample{index + 1}";

        public Sample Read(int index, Workspace workspace) => Sample(index + 1, bits);
    }
}
