using Osteon.Abstractions;
using Osteon.Imaging;

namespace Osteon.Plugins.Augmentations.Intensity;

/// <summary>A codec that loses something.</summary>
public enum CompressionType
{
    /// <summary>JPEG.</summary>
    Jpeg,

    /// <summary>WebP.</summary>
    Webp,
}

/// <summary>Albumentations' options and defaults.</summary>
public sealed record ImageCompressionOptions : AugmentationOptions
{
    /// <summary>jpeg or webp.</summary>
    public CompressionType CompressionType { get; init; } = CompressionType.Jpeg;

    /// <summary>Interval of the quality.</summary>
    [Within(1, 100)]
    public WholeInterval QualityRange { get; init; } = new(99, 100);
}

/// <summary>Writes and reads the image as a lossy file would.</summary>
/// <remarks>cv2.imencode and cv2.imdecode, bit for bit. 16-bit images are cut to 8 bits, the codec's depth, and spread again. The draw is the quality.</remarks>
[Augmentation("ImageCompression")]
public sealed class ImageCompression(ImageCompressionOptions options) : IntensityAugmentation<int>(options.Checked().P)
{
    /// <inheritdoc/>
    protected override int DrawParameters(ref RandomStream random, in DrawContext context) => options.QualityRange.Draw(ref random);

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, int draw, Workspace workspace)
    {
        var webp = options.CompressionType == CompressionType.Webp;
        if (from.BytesPerPixel == 1)
        {
            Filter.Recompress(from, to, webp, draw);
            return;
        }

        var (narrow, changed) = (workspace.Image(from.Frame, 1), workspace.Image(from.Frame, 1));
        var wide = from.Pixels<ushort>();
        var spread = to.Pixels<ushort>();
        for (var i = 0; i < wide.Length; i++)
        {
            narrow.Bytes[i] = (byte)((wide[i] + 128) / 257);
        }

        Filter.Recompress(narrow, changed, webp, draw);
        for (var i = 0; i < spread.Length; i++)
        {
            spread[i] = (ushort)(changed.Bytes[i] * 257);
        }
    }
}
