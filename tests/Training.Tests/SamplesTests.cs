using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;
using Osteon.Training;

namespace Osteon.Training.Tests;

/// <summary>Which cases an epoch draws, and where they are cropped.</summary>
public sealed class SamplesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("osteon-samples-").FullName;

    [Fact]
    public void Classes_are_drawn_as_often_as_each_other_however_rare_their_cases()
    {
        // Class 1 on one case of ten, class 0 on all: half of the draws are to find class 1.
        var samples = Samples(new TrainPlan { Repeat = 400 }, new ClassBalancedOptions(), rareCases: 1);
        Assert.InRange(samples.Order(0).Count(place => place == 0) / 4000.0, 0.52, 0.58);   // 1/2 + 1/2 · 1/10
    }

    [Fact]
    public void Cases_are_drawn_in_proportion_to_their_weights()
    {
        var sampler = new WeightedOptions { By = "sex", Weights = new Dictionary<string, double> { ["F"] = 3, ["M"] = 0 } };
        var order = Samples(new TrainPlan { Repeat = 100 }, sampler).Order(2);
        Assert.All(order, place => Assert.Equal(0, place % 2));     // even ones are F
        Assert.Equal(5, order.Distinct().Count());
    }

    [Fact]
    public void A_weight_for_a_value_that_no_case_has_is_refused() => Assert.Contains("'X'", Assert.Throws<ConfigurationException>(
        () => Samples(new TrainPlan(), new WeightedOptions { By = "sex", Weights = new Dictionary<string, double> { ["X"] = 1 } })).Message, StringComparison.Ordinal);

    [Fact]
    public void Repeated_augmentation_makes_several_samples_of_each_drawn_case_in_a_row()
    {
        var order = Samples(new TrainPlan { RepeatedAugmentation = 3 }, new ShuffleOptions()).Order(0);
        Assert.Equal(30, order.Length);
        Assert.All(order.Chunk(3), chunk => Assert.Single(chunk.Distinct()));
        Assert.Equal(10, order.Distinct().Count());
    }

    [Fact]
    public void The_last_third_of_each_batch_has_foreground_in_the_middle_of_its_crops()
    {
        // One pixel of class 1 in a corner of 64 × 64: a random crop of 8 × 8 hardly ever meets it.
        var samples = Samples(new TrainPlan { Crop = 8, BatchSize = 6, Repeat = 6, Foreground = 0.33 }, new ShuffleOptions(), rareCases: 10);
        var (forced, free, classes) = (0, 0, new int[2]);
        for (var i = 0; i < samples.PerEpoch; i++)
        {
            var words = samples.Make(0, i, new Workspace()).Labels.Bytes.ToArray();
            if (i % 6 >= 4)                                         // 6 − round(6 · 0.33) = 4
            {
                forced += words.Any(w => w != 0) ? 1 : 0;
                classes[words.Any(w => (w & 2) != 0) ? 1 : 0]++;
            }
            else
            {
                free += words.Any(w => (w & 2) != 0) ? 1 : 0;
            }
        }

        Assert.Equal(samples.PerEpoch / 3, forced);
        Assert.InRange(classes[1], 4, 16);                          // each of two classes half of the time
        Assert.InRange(free, 0, 3);
    }

    // nnU-Net's get_bbox: the first row is max(least, row − side / 2), so that only below and to the right is the border crossed.
    [Theory]
    [InlineData(62, 61, 58, 57)]
    [InlineData(1, 63, 0, 59)]
    [InlineData(30, 20, 26, 16)]
    public void A_foreground_crop_has_its_pixel_in_the_middle_and_may_reach_over_the_border(int row, int column, int top, int left)
    {
        var samples = Samples(new TrainPlan { Crop = 8, BatchSize = 1, Foreground = 1, Repeat = 4 }, new ShuffleOptions(), rareCases: 10, (row * 64) + column);
        var met = 0;
        for (var i = 0; i < samples.PerEpoch; i++)
        {
            var sample = samples.Make(0, i, new Workspace());
            Assert.Equal(new Frame(8, 8), sample.Image.Frame);
            var at = Array.FindIndex(sample.Labels.Bytes.ToArray(), w => (w & 2) != 0);
            if (at < 0)
            {
                continue;                                           // the other class was drawn
            }

            met++;
            Assert.Equal(((row - top) * 8) + column - left, at);
            var whole = samples.Cases.Read(samples.Order(0)[i], new Workspace()).Image;
            for (var p = 0; p < 64; p++)
            {
                var (y, x) = (top + (p / 8), left + (p % 8));
                var outside = y > 63 || x > 63;
                Assert.Equal(outside ? (byte)Math.Round(whole.Mean()) : whole.Bytes[(y * 64) + x], sample.Image.Bytes[p]);
                Assert.True(!outside || sample.Labels.Bytes[p] == 0);
            }
        }

        Assert.InRange(met, 10, 30);
    }

    [Fact]
    public void So_many_pixels_as_are_said_may_lie_outside_half_on_each_side()
    {
        var samples = Samples(new TrainPlan { Crop = 8, CropOutside = 5, Repeat = 60 }, new ShuffleOptions(), whiteBorder: true);
        var (above, below) = (new HashSet<int>(), new HashSet<int>());
        for (var i = 0; i < samples.PerEpoch; i++)
        {
            var image = samples.Make(0, i, new Workspace()).Image;
            above.Add(Enumerable.Range(0, 8).TakeWhile(row => IsOutside(image, row)).Count());
            below.Add(Enumerable.Range(0, 8).Select(row => 7 - row).TakeWhile(row => IsOutside(image, row)).Count());
        }

        Assert.Equal([0, 1, 2, 3], above.Order());                  // ⌈5 / 2⌉
        Assert.Equal([0, 1, 2, 3], below.Order());

        static bool IsOutside(Image image, int row) => image.Bytes.Slice(row * 8, 8).ToArray().All(v => v == 8);    // the mean of 1s with a border of 115s: 1 + 114 · 252 / 4096
    }

    [Fact]
    public void An_image_smaller_than_the_crop_lies_in_its_middle_where_crops_are_nnU_Net_s()
    {
        var samples = Samples(new TrainPlan { Crop = 101, Foreground = 0.5, BatchSize = 2 }, new ShuffleOptions());
        var sample = samples.Make(0, 0, new Workspace());
        Assert.Equal(new Frame(101, 101), sample.Image.Frame);
        var whole = samples.Cases.Read(samples.Order(0)[0], new Workspace());
        Assert.InRange(Array.FindIndex(sample.Labels.Bytes.ToArray(), w => w != 0), ((18 + 40) * 101) + 18 + 40, ((19 + 40) * 101) + 19 + 40);
        Assert.Equal(whole.Labels.Bytes.ToArray().Count(w => w != 0), sample.Labels.Bytes.ToArray().Count(w => w != 0));
    }

    [Fact]
    public void A_sample_depends_on_seed_epoch_and_index_alone()
    {
        var plan = new TrainPlan { Crop = 16, Repeat = 2, BatchSize = 3 };
        var (one, other) = (Samples(plan, new ShuffleOptions()), Samples(plan with { LoaderThreads = 8 }, new ShuffleOptions()));
        foreach (var (epoch, index) in new[] { (3, 7), (0, 0), (3, 19), (1, 5) })
        {
            Assert.Equal(one.Make(epoch, index, new Workspace()).Image.Bytes.ToArray(), other.Make(epoch, index, new Workspace()).Image.Bytes.ToArray());
        }

        Assert.NotEqual(one.Make(0, 0, new Workspace()).Image.Bytes.ToArray(), one.Make(1, 0, new Workspace()).Image.Bytes.ToArray());
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private SampleMaker Samples(TrainPlan plan, SamplerOptions sampler, int rareCases = 0, int rareAt = 65, bool whiteBorder = false)
    {
        var store = Store(rareCases, rareAt, whiteBorder);
        return new SampleMaker(new SampleJob { Plan = plan, Seed = 5, Store = store, Training = store.Cases, Sampler = sampler });
    }

    private CaseStore Store(int rareCases, int rareAt, bool whiteBorder)
    {
        var folder = Path.Combine(_root, Guid.NewGuid().ToString("N"));
        var writer = new CaseStoreWriter(folder, ["common", "rare"]);
        var frame = new Frame(64, 64);
        var cases = new List<StoredCase>();
        for (var i = 0; i < 10; i++)
        {
            var (image, words) = (new Image(frame), new LabelMap(frame, 2));
            for (var at = 0; at < frame.Area; at++)
            {
                var onBorder = at / 64 is 0 or 63 || at % 64 is 0 or 63;
                image.Bytes[at] = whiteBorder ? onBorder ? (byte)115 : (byte)1 : (byte)((at * 7) + (i * 31));
            }

            words.Add(new Mask(frame, [new Run((40 * 64) + 40, 3)]), 0);
            if (i < rareCases)
            {
                words.Add(new Mask(frame, [new Run(rareAt, 1)]), 1);
            }

            var source = new CaseSource($"case{i}", $"patient{i}", Subset.Train, $"{i}.png", $"{i}.json") { Metadata = new Dictionary<string, string> { ["sex"] = i % 2 == 0 ? "F" : "M" } };
            var stored = new StoredCase(source, frame, frame, Labelled: true);
            writer.Write(stored, image, words, words.ToMasks());
            cases.Add(stored);
        }

        writer.Finish(cases);
        return CaseStore.Open(folder);
    }
}
