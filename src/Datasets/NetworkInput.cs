using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Datasets;

/// <summary>An image as training and inference feed it: normalised, padded to a size the network takes, repeated over channels.</summary>
public static class NetworkInput
{
    /// <summary>Writes (C, H, W) planes; padding is 0: the image's mean.</summary>
    /// <param name="image">Not larger than <paramref name="padded"/> less the margin.</param>
    /// <param name="padded">Height and width of the planes.</param>
    /// <param name="channels">How often grey is repeated.</param>
    /// <param name="planes">channels × padded.Area floats, zeroed.</param>
    /// <param name="margin">Padding above and to the left; the rest is below and to the right.</param>
    public static void Write(Image image, Frame padded, int channels, Span<float> planes, int margin = 0)
    {
        var first = planes[..padded.Area];
        if (image.Frame == padded)
        {
            Normalization.ZScore(image, first);
        }
        else
        {
            var own = new float[image.Frame.Area];
            Normalization.ZScore(image, own);
            for (var row = 0; row < image.Frame.Height; row++)
            {
                own.AsSpan(row * image.Frame.Width, image.Frame.Width).CopyTo(first[(((row + margin) * padded.Width) + margin)..]);
            }
        }

        for (var c = 1; c < channels; c++)
        {
            first.CopyTo(planes[(c * padded.Area)..]);
        }
    }
}
