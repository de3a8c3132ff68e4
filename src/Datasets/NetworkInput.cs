using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Datasets;

/// <summary>An image as training and inference feed it: normalised, padded to a size the network takes, repeated over channels.</summary>
public static class NetworkInput
{
    /// <summary>Writes (C, H, W) planes; padding is 0: the mean of what is fed.</summary>
    /// <param name="image">Not larger than <paramref name="padded"/> less the margin.</param>
    /// <param name="padded">Height and width of the planes.</param>
    /// <param name="channels">How often grey is repeated.</param>
    /// <param name="planes">channels × padded.Area floats, zeroed.</param>
    /// <param name="margin">Padding above and to the left; the rest is below and to the right.</param>
    /// <param name="normalize">ZScore, MinMax, Percentile or Fixed; null is ZScore.</param>
    public static void Write(Image image, Frame padded, int channels, Span<float> planes, int margin = 0, NormalizeOptions? normalize = null)
    {
        var lines = Normalization.Lines(image, channels, normalize);
        for (var c = 0; c < channels; c++)
        {
            var plane = planes.Slice(c * padded.Area, padded.Area);
            var same = lines.Length == 1 ? c - 1 : Array.IndexOf(lines, lines[c], 0, c);
            if (same >= 0)
            {
                planes.Slice(same * padded.Area, padded.Area).CopyTo(plane);
            }
            else if (image.Frame == padded)
            {
                Normalization.Line(image, lines[c], plane);
            }
            else
            {
                var own = new float[image.Frame.Area];
                Normalization.Line(image, lines[c], own);
                for (var row = 0; row < image.Frame.Height; row++)
                {
                    own.AsSpan(row * image.Frame.Width, image.Frame.Width).CopyTo(plane[(((row + margin) * padded.Width) + margin)..]);
                }
            }
        }
    }
}
