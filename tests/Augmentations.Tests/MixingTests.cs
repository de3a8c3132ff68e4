using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Plugins.Augmentations.Mixing;

namespace Osteon.Augmentations.Tests;

/// <summary>Samples of one grey level and one class each, so that every pixel tells which sample it is from.</summary>
public sealed class MixingTests
{
    private static readonly Source Others = new(3);

    [Fact]
    public void CutMix_replaces_the_box_of_the_drawn_share_and_its_labels()
    {
        var mixed = Apply(new CutMix(new CutMixOptions()), Flat(0, 40, 60), new CutMixDraw([1], 0.75, 0.5, 0.5));
        var (pixels, words) = (mixed.Image.Bytes.ToArray(), mixed.Labels.Bytes.ToArray());
        Assert.Equal(20 * 30, pixels.Count(v => v == Grey(2)));     // sides √(1 − 0.75) = half of each
        for (var i = 0; i < pixels.Length; i++)
        {
            var inside = (i / 60) is >= 10 and < 30 && (i % 60) is >= 15 and < 45;
            Assert.Equal(inside ? (Grey(2), (byte)4) : (Grey(0), (byte)1), (pixels[i], words[i]));
        }
    }

    [Fact]
    public void MixUp_takes_the_weighted_mean_and_keeps_both_labels_with_their_share()
    {
        var mixed = Apply(new MixUp(new MixUpOptions()), Flat(0, 8, 8), new MixUpDraw([2], 0.75));
        Assert.All(mixed.Image.Bytes.ToArray(), v => Assert.Equal(Math.Round((0.75 * Grey(0)) + (0.25 * Grey(3))), v));
        Assert.All(mixed.Labels.Bytes.ToArray(), w => Assert.Equal(1, w));
        Assert.All(mixed.Second!.Bytes.ToArray(), w => Assert.Equal(8, w));
        Assert.Equal(0.25, mixed.SecondShare);
    }

    [Fact]
    public void MixUp_twice_is_refused()
    {
        var once = Apply(new MixUp(new MixUpOptions()), Flat(0, 8, 8), new MixUpDraw([2], 0.75));
        Assert.Contains("twice", Assert.Throws<ConfigurationException>(() => Apply(new MixUp(new MixUpOptions()), once, new MixUpDraw([1], 0.5))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_pasted_on_a_mixture_has_hard_labels()
    {
        var soft = Apply(new MixUp(new MixUpOptions()), Flat(0, 40, 60), new MixUpDraw([2], 0.75));
        var mixed = Apply(new CutMix(new CutMixOptions()), soft, new CutMixDraw([1], 0, 0.5, 0.5));
        Assert.All(mixed.Labels.Bytes.ToArray(), w => Assert.Equal(4, w));
        Assert.All(mixed.Second!.Bytes.ToArray(), w => Assert.Equal(4, w));
    }

    [Fact]
    public void RICAP_gives_each_of_four_its_corner()
    {
        var mixed = Apply(new RICAP(new RICAPOptions()), Flat(0, 40, 60), new RICAPDraw([0, 1, 2], 0.25, 0.7, 5));
        for (var i = 0; i < mixed.Image.Bytes.Length; i++)
        {
            var k = (i / 60 < 10 ? 0 : 2) + (i % 60 < 42 ? 0 : 1);
            Assert.Equal((Grey(k), (byte)(1 << k)), (mixed.Image.Bytes[i], mixed.Labels.Bytes[i]));
        }
    }

    [Fact]
    public void RICAP_draws_corners_by_the_paper_s_distribution()
    {
        var (random, ricap, near, sum) = (RandomStream.For(3, "ricap"), new RICAP(new RICAPOptions()), 0, 0.0);
        for (var i = 0; i < 4000; i++)
        {
            var draw = (RICAPDraw)ricap.Draw(ref random, new DrawContext(new Frame(8, 8), 3));
            sum += draw.BoundaryX;
            near += draw.BoundaryX is < 0.1 or > 0.9 ? 1 : 0;
        }

        Assert.InRange(sum / 4000, 0.47, 0.53);
        Assert.InRange(near / 4000.0, 0.53, 0.60);                  // scipy.stats.beta(0.3, 0.3): 0.5654
    }

    [Fact]
    public void A_mosaic_shows_the_first_sample_where_most_is_seen_and_others_elsewhere()
    {
        var mosaic = new Mosaic(new MosaicOptions { TargetSize = new(40, 40), CellShape = new(40, 40) });
        var mixed = Apply(mosaic, Flat(0, 20, 20), new MosaicDraw([0, 1, 2], 36, 34));      // cells meet at (24, 26)
        Assert.Equal(new Frame(40, 40), mixed.Image.Frame);
        for (var i = 0; i < 1600; i++)
        {
            var k = (i / 40 < 24, i % 40 < 26) switch { (true, true) => 0, (true, false) => 1, (false, true) => 2, _ => 3 };
            Assert.Equal((Grey(k), (byte)(1 << k)), (mixed.Image.Bytes[i], mixed.Labels.Bytes[i]));
        }
    }

    [Fact]
    public void A_contained_image_leaves_the_fill_around_it()
    {
        var mosaic = new Mosaic(new MosaicOptions { GridYx = (1, 1), TargetSize = new(40, 40), CellShape = new(40, 40), FitMode = FitMode.Contain, Fill = 9 });
        var mixed = Apply(mosaic, Flat(0, 20, 40), new MosaicDraw([], 20, 20));
        Assert.Equal(800, mixed.Image.Bytes.ToArray().Count(v => v == 9));
        Assert.Equal(9, mixed.Image.Bytes[9 * 40]);
        Assert.Equal(Grey(0), mixed.Image.Bytes[10 * 40]);
    }

    [Fact]
    public void A_mosaic_larger_than_its_grid_is_refused() => Assert.Contains(
        "larger than the grid", Assert.Throws<ConfigurationException>(() => new Mosaic(new MosaicOptions { TargetSize = new(2000, 10) })).Message, StringComparison.Ordinal);

    [Fact]
    public void Draws_of_the_same_numbers_are_equal_and_print_them()
    {
        var (a, b) = (new RICAPDraw([1, 2, 0], 0.5, 0.25, 7), new RICAPDraw([1, 2, 0], 0.5, 0.25, 7));
        Assert.Equal(a, b);
        Assert.NotEqual(a, b with { Others = [1, 2, 3] });
        Assert.Equal("RICAPDraw { Others = [1, 2, 0], BoundaryY = 0.5, BoundaryX = 0.25, Key = 7 }", a.ToString());
        Assert.Equal(a, System.Text.Json.JsonSerializer.Deserialize<RICAPDraw>(System.Text.Json.JsonSerializer.Serialize(a)));
    }

    [Fact]
    public void A_log_replays_to_the_same_bytes()
    {
        var pipeline = new AugmentationPipeline([new Mosaic(new MosaicOptions { TargetSize = new(40, 40), CellShape = new(32, 32), P = 1 }), new CutMix(new CutMixOptions { P = 1 }), new MixUp(new MixUpOptions { P = 1 })]);
        var log = new List<AugmentationStep>();
        var once = pipeline.Run(Flat(0, 40, 60), RandomStream.For(8, "log"), new Workspace(), Others, log);
        var again = pipeline.Replay(Flat(0, 40, 60), log, new Workspace(), Others);
        Assert.Equal(["0 Mosaic", "1 CutMix", "2 MixUp"], log.Select(s => $"{s.Place} {s.Name}"));
        Assert.Equal(once.Image.Bytes.ToArray(), again.Image.Bytes.ToArray());
        Assert.Equal(once.Second!.Bytes.ToArray(), again.Second!.Bytes.ToArray());
    }

    private static byte Grey(int k) => (byte)(40 + (50 * k));

    private static Sample Flat(int k, int height, int width)
    {
        var sample = new Sample(new Image(new Frame(height, width)), new LabelMap(new Frame(height, width), 8));
        sample.Image.Bytes.Fill(Grey(k));
        sample.Labels.Bytes.Fill((byte)(1 << k));
        return sample;
    }

    private static Sample Apply(DrawnAugmentation augmentation, Sample sample, object draw) => AugmentationPipeline.Apply(augmentation, sample, draw, null, Others);

    /// <summary>Samples 1, 2 and 3, each of another size.</summary>
    private sealed class Source(int count) : ISampleSource
    {
        public int Count => count;

        public string NameOf(int index) => $"sample{index + 1}";

        public Sample Read(int index, Workspace workspace) => Flat(index + 1, 30 + (10 * index), 70 - (10 * index));
    }
}
