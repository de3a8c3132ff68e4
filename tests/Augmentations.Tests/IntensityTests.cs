using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Plugins.Augmentations.Intensity;

namespace Osteon.Augmentations.Tests;

public sealed class IntensityTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void Brightness_and_contrast_agree_with_the_reference_formula_to_the_pixel(int bits)
    {
        foreach (var golden in Golden.Rows("brightness_contrast"))
        {
            var augmentation = new RandomBrightnessContrast(new RandomBrightnessContrastOptions { BrightnessByMax = (bool)golden["by_max"]! });
            var changed = AugmentationPipeline.Apply(augmentation, Golden.Sample(bits, 8), new BrightnessContrast((double)golden["contrast"]!, (double)golden["brightness"]!));
            Assert.Equal((string)golden[$"image{bits}"]!, Golden.Digest(changed.Image.Bytes));
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void Gamma_agrees_with_the_reference_formula_to_the_pixel(int bits)
    {
        foreach (var golden in Golden.Rows("gamma"))
        {
            var changed = AugmentationPipeline.Apply(new RandomGamma(new RandomGammaOptions()), Golden.Sample(bits, 8), (double)golden["gamma"]!);
            Assert.Equal((string)golden[$"image{bits}"]!, Golden.Digest(changed.Image.Bytes));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Noise_has_the_mean_and_deviation_that_were_drawn(int bytes)
    {
        var image = new Image(new Frame(300, 300), bytes);
        var half = (image.MaxValue + 1) / 2;
        if (bytes == 1)
        {
            image.Bytes.Fill((byte)half);
        }
        else
        {
            image.Pixels<ushort>().Fill((ushort)half);
        }

        var noisy = AugmentationPipeline.Apply(new GaussNoise(new GaussNoiseOptions()), new Sample(image, new LabelMap(image.Frame, 1)), new NoiseDraw(0.05, 0.1, 3)).Image;
        var values = bytes == 1 ? Array.ConvertAll(noisy.Bytes.ToArray(), v => (double)v) : Array.ConvertAll(noisy.Pixels<ushort>().ToArray(), v => (double)v);
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
        Assert.Equal(half + (0.05 * image.MaxValue) - 0.5, mean, 0.002 * image.MaxValue);     // fractions are cut off; 6 standard errors of the mean
        Assert.Equal(0.1 * image.MaxValue, deviation, 0.002 * image.MaxValue);
    }

    [Fact]
    public void Labels_stay_the_same_object()
    {
        var sample = Golden.Sample(8, 8);
        var random = RandomStream.For(1, "labels");
        Assert.Same(sample.Labels, new AugmentationPipeline([new GaussNoise(new GaussNoiseOptions { P = 1 })]).Run(sample, random, new Workspace()).Labels);
    }
}
