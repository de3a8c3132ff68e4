using System.Numerics;
using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Intensity;

/// <summary>Albumentations' default.</summary>
public sealed record InvertImgOptions : AugmentationOptions;

/// <summary>White becomes black: v becomes the full range less v.</summary>
[Augmentation("InvertImg")]
public sealed class InvertImg(InvertImgOptions options) : IntensityAugmentation<Nothing>(options.Checked().P)
{
    /// <inheritdoc/>
    protected override Nothing DrawParameters(ref RandomStream random, in DrawContext context) => default;

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, Nothing draw, Workspace workspace)
    {
        var pixels = from.Bytes;
        var inverted = to.Bytes;
        var i = 0;                                                  // 255 − v and 65535 − v alike: every bit turned
        for (; i <= pixels.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            (~new Vector<byte>(pixels[i..])).CopyTo(inverted[i..]);
        }

        for (; i < pixels.Length; i++)
        {
            inverted[i] = (byte)~pixels[i];
        }
    }
}
