using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Reporting;

/// <summary>An image with its labels drawn on it, small enough for a page of many.</summary>
public static class LabelPicture
{
    private static readonly (byte R, byte G, byte B) Offender = (255, 92, 0);

    // Parts of 256: the picture stays visible under labels.
    private const int Tint = 70, Strong = 120, Line = 230;

    /// <summary>Draws.</summary>
    /// <param name="image">Grey, in any frame of the original's shape.</param>
    /// <param name="masks">One a class, at most 64, in the original frame; empty draws the image alone.</param>
    /// <param name="marked">Classes to point at, by index; the others are only tinted. Empty: all count alike.</param>
    /// <param name="maxSide">The picture's longer side in pixels; smaller images are not enlarged.</param>
    /// <returns>A JPEG file.</returns>
    public static byte[] Render(Image image, IReadOnlyList<Mask> masks, IReadOnlyList<int> marked, int maxSide)
    {
        var frame = OverlayRenderer.Fit(image.Frame, maxSide);
        var grey = OverlayRenderer.EightBit(frame == image.Frame ? image : Resize.Area(image, frame));
        var words = new ulong[frame.Area];
        for (var k = 0; k < masks.Count; k++)
        {
            new MaskSampling(masks[k].Frame, frame).Set(masks[k], 1UL << k, words);
        }

        var pointed = marked.Aggregate(0UL, (bits, k) => bits | (1UL << k));
        return ImageFile.EncodeJpegRgb(frame, Paint(frame, grey, words, pointed));
    }

    private static byte[] Paint(Frame frame, ReadOnlySpan<byte> grey, ReadOnlySpan<ulong> words, ulong pointed)
    {
        var rgb = new byte[frame.Area * 3];
        for (var i = 0; i < grey.Length; i++)
        {
            var pixel = rgb.AsSpan(i * 3, 3);
            pixel.Fill(grey[i]);
            var here = words[i];
            var right = (i + 1) % frame.Width == 0 ? here : words[i + 1];
            var below = i + frame.Width >= words.Length ? here : words[i + frame.Width];
            if ((((here ^ right) | (here ^ below)) & pointed) != 0)
            {
                OverlayRenderer.Mix(pixel, Offender, Line);
            }
            else if ((here & pointed) != 0)
            {
                OverlayRenderer.Mix(pixel, Offender, Strong);
            }
            else if (here != 0)
            {
                OverlayRenderer.Mix(pixel, ClassColours.Of(System.Numerics.BitOperations.TrailingZeroCount(here)), Tint);
            }
        }

        return rgb;
    }
}
