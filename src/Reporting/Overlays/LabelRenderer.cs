using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Reporting;

/// <summary>Lays each class in a colour of its own over the image.</summary>
public static class LabelRenderer
{
    private const int Tint = 96;                                    // of 256: the bone shows through

    /// <summary>Draws.</summary>
    /// <param name="image">Grey; 16-bit images are stretched as in <see cref="OverlayRenderer"/>.</param>
    /// <param name="labels">Words in the image's frame; null draws the image alone.</param>
    /// <param name="maxSide">The picture's longer side in pixels; smaller images are not enlarged.</param>
    /// <returns>A PNG file.</returns>
    public static byte[] Render(Image image, LabelMap? labels, int maxSide)
    {
        var frame = OverlayRenderer.Fit(image.Frame, maxSide);
        var grey = OverlayRenderer.EightBit(frame == image.Frame ? image : Resize.Area(image, frame));
        var rgb = new byte[frame.Area * 3];
        for (var i = 0; i < grey.Length; i++)
        {
            rgb.AsSpan(i * 3, 3).Fill(grey[i]);
        }

        if (labels is not null)
        {
            Paint(rgb, frame == labels.Frame ? labels : Resize.Nearest(labels, frame));
        }

        return ImageFile.EncodePngRgb(frame, rgb);
    }

    /// <summary>A class's colour, #rrggbb: hues a golden angle apart, so that neighbours in number differ most.</summary>
    public static string ColourOf(int @class)
    {
        var (r, g, b) = Colour(@class);
        return $"#{r:x2}{g:x2}{b:x2}";
    }

    private static void Paint(byte[] rgb, LabelMap labels)
    {
        var colours = Enumerable.Range(0, labels.Classes).Select(Colour).ToArray();
        var masks = labels.ToMasks();
        for (var k = 0; k < masks.Length; k++)
        {
            var (r, g, b) = colours[k];
            foreach (var run in masks[k].Runs)
            {
                for (var i = run.Start; i < run.End; i++)
                {
                    (rgb[i * 3], rgb[(i * 3) + 1], rgb[(i * 3) + 2]) = (Mix(rgb[i * 3], r), Mix(rgb[(i * 3) + 1], g), Mix(rgb[(i * 3) + 2], b));
                }
            }
        }
    }

    private static byte Mix(byte grey, byte colour) => (byte)(((grey * (256 - Tint)) + (colour * Tint)) / 256);

    private static (byte R, byte G, byte B) Colour(int @class)
    {
        var hue = @class * 0.381966 % 1 * 6;
        byte Channel(double shift)
        {
            var h = (hue + shift) % 6;
            return (byte)Math.Round(255 * Math.Clamp(Math.Abs(h - 3) - 1, 0, 1));
        }

        return (Channel(0), Channel(4), Channel(2));
    }
}
