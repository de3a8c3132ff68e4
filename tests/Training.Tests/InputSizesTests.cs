using Osteon.Abstractions;
using Osteon.Inference;
using Osteon.Masks;
using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Training.Tests;

public sealed class InputSizesTests
{
    [Theory]
    [InlineData(388, 572)]                                          // Ronneberger et al. 2015, figure 1
    [InlineData(389, 588)]
    [InlineData(1, 188)]
    [InlineData(4, 188)]
    public void An_unpadded_U_Net_takes_the_figure_s_sizes(int logits, int image)
    {
        var sizes = new InputSizes(16, 12, 92);
        Assert.Equal(new Frame(image, image), sizes.For(new Frame(logits, logits)));
        Assert.True(sizes.Logits(new Frame(image, image)).Height >= logits);
    }

    [Theory]
    [InlineData(1, 32)]
    [InlineData(31, 32)]
    [InlineData(32, 32)]
    [InlineData(33, 64)]
    public void A_padded_one_takes_the_next_multiple(int logits, int image) =>
        Assert.Equal(new Frame(image, 32), new InputSizes(32).For(new Frame(logits, 7)));

    [Theory]
    [InlineData(5, 128)]
    [InlineData(128, 128)]
    [InlineData(129, 144)]
    public void One_that_halves_its_deepest_map_takes_no_less_than_it_can_halve(int logits, int image) =>
        Assert.Equal(new Frame(image, image), new InputSizes(16) { Least = 128 }.For(new Frame(logits, logits)));

    [Fact]
    public void One_that_takes_one_size_alone_says_so()
    {
        var sizes = new InputSizes(32) { Only = new Frame(224, 224) };
        Assert.Equal(new Frame(224, 224), sizes.For(new Frame(200, 224)));
        Assert.Contains("224×224 alone", Assert.Throws<ConfigurationException>(() => sizes.For(new Frame(225, 10))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_convolutions_do_not_pad_targets_are_as_large_as_logits()
    {
        var frame = new Frame(3, 3);
        var labels = new LabelMap(frame, 1);
        labels.Add(new Mask(frame, [new Run(4, 1)]), 0);
        var batch = Collation.Stack([new Sample(new Image(frame, 1, [0, 0, 0, 0, 9, 0, 0, 0, 0]), labels)], ["a"], 1, new InputSizes(4, 0, 2));
        Assert.Equal((new Frame(8, 8), new Frame(4, 4)), (batch.Frame, batch.TargetFrame));
        var (images, targets) = BatchNumbers.Of(batch);
        Assert.Equal(5, Array.IndexOf(targets, 1));                 // row 1, column 1 of 4 × 4
        int[] mirrored = [0, 3, 6];                                 // the pixel itself at row 3, column 3 of 8 × 8, and its images beyond the borders
        Assert.Equal(from row in mirrored from column in mirrored select (8 * row) + column, Enumerable.Range(0, 64).Where(i => images[i] == images.Max()));
    }

    [Fact]
    public void A_margin_mirrors_the_image_as_numpy_s_symmetric_does()
    {
        using var scope = NewDisposeScope();
        var image = arange(6, dtype: ScalarType.Float32).reshape(1, 1, 2, 3);
        Assert.Same(image, MirroredMargin.Around(image, 0));
        float[] expected = [5, 4, 3, 3, 4, 5, 5, 4, 3, 5, 4, 3, 3, 4, 5, 5, 4, 3, 2, 1, 0, 0, 1, 2, 2, 1, 0, 2, 1, 0, 0, 1, 2, 2, 1, 0, 5, 4, 3, 3, 4, 5, 5, 4, 3, 5, 4, 3, 3, 4, 5, 5, 4, 3, 2, 1, 0, 0, 1, 2, 2, 1, 0, 2, 1, 0, 0, 1, 2, 2, 1, 0];
        var around = MirroredMargin.Around(image, 3);
        Assert.Equal([1L, 1, 8, 9], around.shape);
        Assert.Equal(expected, around.data<float>().ToArray());
    }

    [Fact]
    public void Where_convolutions_do_not_pad_masks_stay_in_place()
    {
        using var network = new Unpadded();
        var image = new Image(new Frame(2, 4), 1, [0, 0, 100, 100, 0, 0, 100, 100]);
        var mask = Assert.Single(new Predictor(network, LabelMode.Multilabel, 1, network.Sizes, new InferPlan(), device("cpu")).Predict(image, image.Frame));
        Assert.Equal([new Run(2, 2), new Run(6, 2)], mask.Runs.ToArray());
    }

    /// <summary>Gives the image without its margin.</summary>
    private sealed class Unpadded() : Network("unpadded")
    {
        public override InputSizes Sizes => new(4, 2, 1);

        public override Tensor forward(Tensor input) => input.narrow(2, 1, input.shape[2] - 2).narrow(3, 1, input.shape[3] - 2);
    }
}
