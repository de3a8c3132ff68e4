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

        Assert.Equal([0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0], batch.Targets[..12]);
        Assert.Equal([0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0], batch.Targets[^12..]);
        Assert.Equal(9, batch.Targets.Sum());
    }

    [Fact]
    public void Normalises_to_mean_0_and_deviation_1_and_pads_with_0()
    {
        var image = new Image(new Frame(1, 3), 1, [10, 20, 30]);
        var batch = Collation.Stack([new Sample(image, new LabelMap(image.Frame, 1))], ["a"], 2, new InputSizes(4));
        var third = (float)Math.Sqrt(1.5);                          // 10 / √(200 / 3)
        Assert.Equal(new Frame(4, 4), batch.Frame);
        Assert.Equal(-third, batch.Images[0], 1e-6f);
        Assert.Equal(0, batch.Images[1], 1e-6f);
        Assert.Equal(third, batch.Images[2], 1e-6f);
        Assert.All(batch.Images[3..16], v => Assert.Equal(0, v));
        Assert.Equal(batch.Images[..16], batch.Images[16..]);
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
