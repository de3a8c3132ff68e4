using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Plugins.Augmentations.Basic;
using Osteon.Plugins.Augmentations.Dropout;
using Osteon.Plugins.Augmentations.Intensity;
using Osteon.Plugins.Augmentations.Spatial;

namespace Osteon.Benchmarks.Augmentations;

/// <summary>A transform as both sides do it; the name is the peer's key.</summary>
internal sealed record Case(string Name, Augmentation Augmentation);

internal static class Cases
{
    public const int Side = 1024, Classes = 29;

    public static Case[] All { get; } =
    [
        new("HorizontalFlip", new HorizontalFlip(new FlipOptions { P = 1 })),
        new("VerticalFlip", new VerticalFlip(new FlipOptions { P = 1 })),
        new("Transpose", new Transpose(new FlipOptions { P = 1 })),
        new("Rotate", new Rotate(new RotateOptions { P = 1 })),
        new("ShiftScaleRotate", new ShiftScaleRotate(new ShiftScaleRotateOptions { P = 1 })),
        new("Perspective", new Perspective(new PerspectiveOptions { P = 1 })),
        new("ElasticTransform", new ElasticTransform(new ElasticTransformOptions { Alpha = 120, P = 1 })),
        new("ElasticTransform approximate", new ElasticTransform(new ElasticTransformOptions { Alpha = 120, Approximate = true, P = 1 })),
        new("GridDistortion", new GridDistortion(new GridDistortionOptions { P = 1 })),
        new("OpticalDistortion", new OpticalDistortion(new OpticalDistortionOptions { P = 1 })),
        new("ThinPlateSpline", new ThinPlateSpline(new ThinPlateSplineOptions { P = 1 })),
        new("RandomCrop 512", new RandomCrop(new CropOptions { Height = 512, Width = 512 })),
        new("RandomResizedCrop 512", new RandomResizedCrop(new RandomResizedCropOptions { Size = new Frame(512, 512) })),
        new("PadIfNeeded 1216 reflect", new PadIfNeeded(new PadIfNeededOptions { MinHeight = 1216, MinWidth = 1216, BorderMode = "reflect" })),
        new("CoarseDropout", new CoarseDropout(new CoarseDropoutOptions { FillMask = 0, P = 1 })),
        new("RandomBrightnessContrast", new RandomBrightnessContrast(new RandomBrightnessContrastOptions { P = 1 })),
        new("RandomGamma", new RandomGamma(new RandomGammaOptions { P = 1 })),
        new("CLAHE", new CLAHE(new CLAHEOptions { P = 1 })),
        new("GaussNoise", new GaussNoise(new GaussNoiseOptions { P = 1 })),
        new("AdditiveNoise uniform", new AdditiveNoise(new AdditiveNoiseOptions { SpatialMode = NoiseSpatialMode.PerPixel, P = 1 })),
        new("MultiplicativeNoise elementwise", new MultiplicativeNoise(new MultiplicativeNoiseOptions { Elementwise = true, P = 1 })),
        new("Equalize", new Equalize(new EqualizeOptions { P = 1 })),
        new("Blur 5", new Blur(new BlurOptions { BlurLimit = new WholeInterval(5), P = 1 })),
        new("GaussianBlur", new GaussianBlur(new GaussianBlurOptions { P = 1 })),
        new("MedianBlur 5", new MedianBlur(new BlurOptions { BlurLimit = new WholeInterval(5), P = 1 })),
        new("MotionBlur 7", new MotionBlur(new MotionBlurOptions { BlurLimit = new WholeInterval(7), P = 1 })),
        new("Sharpen", new Sharpen(new SharpenOptions { P = 1 })),
        new("Emboss", new Emboss(new EmbossOptions { P = 1 })),
        new("UnsharpMask", new UnsharpMask(new UnsharpMaskOptions { P = 1 })),
        new("Downscale", new Downscale(new DownscaleOptions { P = 1 })),
        new("ImageCompression", new ImageCompression(new ImageCompressionOptions { P = 1 })),
    ];

    /// <summary>A smooth image with noise, and discs that overlap: what the peer makes too.</summary>
    public static Sample Sample()
    {
        var frame = new Frame(Side, Side);
        var image = new Image(frame);
        var random = new RandomStream(1);
        for (var i = 0; i < Side; i++)
        {
            for (var j = 0; j < Side; j++)
            {
                image.Bytes[(i * Side) + j] = (byte)(110 + (80 * Math.Sin(i / 90.0) * Math.Cos(j / 70.0)) + random.NextInt(12));
            }
        }

        var labels = new LabelMap(frame, Classes);
        var words = labels.Words<uint>();
        for (var k = 0; k < Classes; k++)
        {
            var (y, x, radius) = (100 + (k * 137 % 824), 100 + (k * 331 % 824), 60 + (k * 7));
            for (var i = Math.Max(0, y - radius); i < Math.Min(Side, y + radius); i++)
            {
                for (var j = Math.Max(0, x - radius); j < Math.Min(Side, x + radius); j++)
                {
                    words[(i * Side) + j] |= ((i - y) * (i - y)) + ((j - x) * (j - x)) < radius * radius ? 1u << k : 0;
                }
            }
        }

        return new Sample(image, labels);
    }
}
