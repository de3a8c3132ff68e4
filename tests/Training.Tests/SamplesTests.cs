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

    private SampleMaker Samples(TrainPlan plan, SamplerOptions sampler, int rareCases = 0)
    {
        var store = Store(rareCases);
        return new SampleMaker(new SampleJob { Plan = plan, Seed = 5, Store = store, Training = store.Cases, Sampler = sampler });
    }

    private CaseStore Store(int rareCases)
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
                image.Bytes[at] = (byte)((at * 7) + (i * 31));
            }

            words.Add(new Mask(frame, [new Run((40 * 64) + 40, 3)]), 0);
            if (i < rareCases)
            {
                words.Add(new Mask(frame, [new Run(65, 1)]), 1);
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
