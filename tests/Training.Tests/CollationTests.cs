using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Training;

namespace Osteon.Training.Tests;

public sealed class CollationTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(29)]
    [InlineData(40)]
    public void Unfolds_every_bit_of_a_word_into_its_plane(int classes)
    {
        var frame = new Frame(3, 4);
        var labels = new LabelMap(frame, classes);
        labels.Add(new Mask(frame, [new Run(1, 2), new Run(6, 1)]), 0);
        labels.Add(new Mask(frame, [new Run(2, 6)]), classes - 1);

        var batch = Collation.Stack([new Sample(new Image(frame), labels)], ["a"], 1, new InputSizes(1));

        var targets = BatchNumbers.Of(batch).Targets;
        Assert.Equal([0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0], targets[..12]);
        Assert.Equal([0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0], targets[^12..]);
        Assert.Equal(9, targets.Sum());
    }

    [Fact]
    public void Normalises_to_mean_0_and_deviation_1_and_pads_with_0()
    {
        var image = new Image(new Frame(1, 3), 1, [10, 20, 30]);
        var batch = Collation.Stack([new Sample(image, new LabelMap(image.Frame, 1))], ["a"], 2, new InputSizes(4));
        var third = (float)Math.Sqrt(1.5);                          // 10 / √(200 / 3)
        Assert.Equal(new Frame(4, 4), batch.Frame);
        var images = BatchNumbers.Of(batch).Images;
        Assert.Equal(-third, images[0], 1e-6f);
        Assert.Equal(0, images[1], 1e-6f);
        Assert.Equal(third, images[2], 1e-6f);
        Assert.All(images[3..16], v => Assert.Equal(0, v));
        Assert.Equal(images[..16], images[16..]);
    }

    [Fact]
    public void Gives_the_bits_that_inference_makes_of_the_same_image()
    {
        foreach (var bytes in new[] { 1, 2 })
        {
            var image = new Image(new Frame(5, 7), bytes);
            for (var i = 0; i < image.Bytes.Length; i++)
            {
                image.Bytes[i] = (byte)((i * 97) + (i * i));
            }

            foreach (var normalize in new NormalizeOptions?[] { null, new ZScoreOptions { Epsilon = 1e-4, Clip = 1 }, new PercentileOptions { Lower = 10, Upper = 80, Clip = true }, new FixedOptions { Mean = [0.5, 0.4], Std = [0.2, 0.3], Clip = new(40, 200) } })
            {
                var planes = new float[2 * 64];
                Datasets.NetworkInput.Write(image, new Frame(8, 8), 2, planes, normalize: normalize);
                var batch = Collation.Stack([new Sample(image, new LabelMap(image.Frame, 1))], ["a"], 2, new InputSizes(8), normalize);
                Assert.Equal(planes, BatchNumbers.Of(batch).Images);
            }
        }
    }

    [Fact]
    public void Stacks_samples_of_different_sizes_and_depths()
    {
        var (small, large) = (new Frame(2, 3), new Frame(4, 4));
        Sample[] samples =
        [
            new(new Image(small, 1, [1, 2, 3, 4, 5, 6]), new LabelMap(small, 1, [1, 1, 1, 1, 1, 1])),
            new(new Image(large, 2, [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 5))]), new LabelMap(large, 1, [.. Enumerable.Repeat((byte)1, 16)])),
        ];
        var together = BatchNumbers.Of(Collation.Stack(samples, ["a", "b"], 1, new InputSizes(4)));
        foreach (var (n, sample) in samples.Index())
        {
            var alone = BatchNumbers.Of(Collation.Stack([sample], ["a"], 1, new InputSizes(4)));
            Assert.Equal(alone.Images, together.Images[(n * 16)..((n + 1) * 16)]);
            Assert.Equal(alone.Targets, together.Targets[(n * 16)..((n + 1) * 16)]);
        }
    }

    [Fact]
    public void Refuses_a_batch_beyond_an_array_before_it_asks_for_memory()
    {
        var image = new Image(new Frame(1024, 1024));
        var sample = new Sample(image, new LabelMap(image.Frame, 64));  // 2²⁶ numbers a sample: 32 are one too many
        var e = Assert.Throws<ConfigurationException>(() => Collation.Stack([.. Enumerable.Repeat(sample, 32)], [], 1, new InputSizes(1)));
        Assert.Contains("train.batch_size", e.Message, StringComparison.Ordinal);
    }
}
