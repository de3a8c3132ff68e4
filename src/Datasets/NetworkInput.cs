using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Datasets;

/// <summary>An image as training and inference feed it: normalised, padded to a size the network takes, repeated over channels.</summary>
public static class NetworkInput
{
    /// <summary>The smallest frame that holds <paramref name="frame"/> and whose sides are multiples of <paramref name="multiple"/>.</summary>
    public static Frame Padded(Frame frame, int multiple) => new(RoundUp(frame.Height, multiple), RoundUp(frame.Width, multiple));

    /// <summary>Writes (C, H, W) planes; padding, below and to the right, is 0: the image's mean.</summary>
    /// <param name="image">Not larger than <paramref name="padded"/>.</param>
    /// <param name="padded">Height and width of the planes.</param>
    /// <param name="channels">How often grey is repeated.</param>
    /// <param name="planes">channels × padded.Area floats, zeroed.</param>
    public static void Write(Image image, Frame padded, int channels, Span<float> planes)
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
                own.AsSpan(row * image.Frame.Width, image.Frame.Width).CopyTo(first[(row * padded.Width)..]);
            }
        }

        for (var c = 1; c < channels; c++)
        {
            first.CopyTo(planes[(c * padded.Area)..]);
        }
    }

    private static int RoundUp(int size, int multiple) => (size + multiple - 1) / multiple * multiple;
}
