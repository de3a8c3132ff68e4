using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Datasets.Tests;

public sealed class NormalizationTests
{
    private static readonly FixedOptions s_imagenet = new() { Mean = [0.485, 0.456, 0.406], Std = [0.229, 0.224, 0.225] };

    // torchvision: (ToTensor()(x) - mean) / std.
    [Theory]
    [InlineData(0, -2.1179039, -2.0357143, -1.8044444)]
    [InlineData(128, 0.0740645, 0.2051821, 0.4264924)]
    [InlineData(255, 2.2489083, 2.4285714, 2.64)]
    public void Each_of_three_channels_is_normalised_as_weights_of_colour_expect(byte pixel, double red, double green, double blue)
    {
        var planes = Write(new Image(new Frame(1, 1), 1, [pixel]), 3, s_imagenet);
        Assert.Equal(red, planes[0], tolerance: 1e-6);
        Assert.Equal(green, planes[1], tolerance: 1e-6);
        Assert.Equal(blue, planes[2], tolerance: 1e-6);
    }

    [Fact]
    public void One_channel_takes_the_average_and_four_take_turns()
    {
        var image = new Image(new Frame(1, 1), 1, [255]);
        Assert.Equal((1 - 0.449) / 0.226, Write(image, 1, s_imagenet)[0], tolerance: 1e-6);
        var four = Write(image, 4, s_imagenet);
        Assert.Equal(four[0], four[3]);
        Assert.Equal(2.4285714, four[1], tolerance: 1e-6);
    }

    [Theory]
    [InlineData(null, 65535, 1)]
    [InlineData(4095, 4095, 1)]
    [InlineData(4095, 8190, 2)]
    public void White_of_16_bits_is_the_brightest_value_or_what_is_said(int? max, ushort pixel, double level)
    {
        var image = new Image(new Frame(1, 1), 2);
        image.Pixels<ushort>()[0] = pixel;
        Assert.Equal((level - 0.5) / 0.25, Write(image, 1, new FixedOptions { Mean = [0.5], Std = [0.25], Max = max })[0], tolerance: 1e-5);
    }

    [Fact]
    public void A_range_of_255_leaves_the_levels_as_they_are() =>
        Assert.Equal(100 - 103.939, Write(new Image(new Frame(1, 1), 1, [100]), 1, new FixedOptions { Mean = [103.939], Std = [1], Range = new Interval(0, 255) })[0], tolerance: 1e-4);

    [Fact]
    public void Padding_is_0_in_every_channel()
    {
        var planes = new float[3 * 4];
        NetworkInput.Write(new Image(new Frame(1, 1), 1, [255]), new Frame(2, 2), 3, planes, margin: 1, s_imagenet);
        Assert.Equal([3, 7, 11], Enumerable.Range(0, planes.Length).Where(i => planes[i] != 0));
    }

    [Fact]
    public void Nothing_said_is_the_image_s_own_mean_and_deviation()
    {
        var image = new Image(new Frame(1, 2), 1, [10, 30]);
        Assert.Equal([-1, 1, -1, 1], Write(image, 2, null));
        Assert.Equal([-1, 1, -1, 1], Write(image, 2, NormalizeOptions.ZScore));
    }

    [Fact]
    public void The_darkest_level_becomes_0_and_the_brightest_1() =>
        Assert.Equal([0f, 0.5f, 1f, 0.25f], Write(new Image(new Frame(2, 2), 1, [20, 60, 100, 40]), 1, new MinMaxOptions()));

    // numpy.percentile([0, 10, 20, 30, 1000], [12.5, 75]) is [5, 30].
    [Fact]
    public void Percentiles_become_0_and_1_and_what_is_beyond_stays_beyond()
    {
        var image = new Image(new Frame(1, 5), 2);
        ((ReadOnlySpan<ushort>)[30, 10, 1000, 0, 20]).CopyTo(image.Pixels<ushort>());
        var levels = Write(image, 1, new PercentileOptions { Lower = 12.5, Upper = 75 });
        Assert.All(levels.Zip([1.0, 0.2, 39.8, -0.2, 0.6]), pair => Assert.Equal(pair.Second, pair.First, tolerance: 1e-5));
    }

    [Fact]
    public void A_constant_image_becomes_0() =>
        Assert.All(new NormalizeOptions[] { new MinMaxOptions(), new PercentileOptions(), NormalizeOptions.ZScore }, n => Assert.Equal([0f, 0f], Write(new Image(new Frame(1, 2), 1, [7, 7]), 1, n)));

    private static float[] Write(Image image, int channels, NormalizeOptions? normalize)
    {
        var planes = new float[channels * image.Frame.Area];
        NetworkInput.Write(image, image.Frame, channels, planes, normalize: normalize);
        return planes;
    }
}
