using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Reporting;

/// <summary>Draws truth and prediction over the image so that what went wrong is seen at a glance, by colour-blind readers too.</summary>
/// <remarks>Colours: Okabe and Ito's palette, jfly.uni-koeln.de/color.</remarks>
public static class OverlayRenderer
{
    private static readonly (byte R, byte G, byte B) Agreed = (86, 180, 233), Missed = (213, 94, 0), Extra = (240, 228, 66), Confused = (204, 121, 167), Outline = (255, 255, 255), Undecided = (153, 153, 153);

    // Parts of 256: agreement lets the bone show through, errors do not.
    private const int Tint = 64, Error = 210, Line = 200;

    // What is left of an error's colour at a border; it is whole in the last band, where an error weighs most.
    private const double AtBorder = 0.45;

    /// <summary>What the colours mean, with their hex codes, in the order to show; an error has one a band, the nearest first.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<string> Colours)> Legend { get; } =
    [
        ("found", [Hex(Agreed)]),
        ("under-segmentation: missed, in the truth only", ColoursOf(ErrorKind.UnderSegmentation)),
        ("over-segmentation: extra, in the prediction only", ColoursOf(ErrorKind.OverSegmentation)),
        ("wrong label: another class than the truth's", ColoursOf(ErrorKind.WrongLabel)),
        ("outline of the truth's classes", [Hex(Outline)]),
    ];

    /// <summary>The legend's entry for pixels of no class, where there are any.</summary>
    public static (string Name, IReadOnlyList<string> Colours) UndecidedEntry { get; } = ("undecided: of no class in the truth, and not scored", [Hex(Undecided)]);

    /// <summary>The colours of a kind of error by band, nearest first: the same hue, the brighter the farther from a border.</summary>
    public static IReadOnlyList<string> ColoursOf(ErrorKind kind) => [.. Enumerable.Range(0, ErrorCounts.Bands).Select(band => Hex(ColourOf(kind, band)))];

    /// <summary>Draws.</summary>
    /// <param name="image">Grey; 16-bit images are stretched between their 0.5th and 99.5th percentiles, 8-bit ones left as they are.</param>
    /// <param name="truth">One mask a class, at most 64, in the image's frame.</param>
    /// <param name="predicted">The same classes, in the image's frame.</param>
    /// <param name="classes">The classes to draw, by index; null draws all.</param>
    /// <param name="maxSide">The picture's longer side in pixels; smaller images are not enlarged.</param>
    /// <param name="undecided">Pixels that are not judged; nothing is predicted there. Null: none.</param>
    /// <returns>A PNG file.</returns>
    /// <exception cref="ArgumentException">The masks' counts or frames disagree.</exception>
    public static byte[] Render(Image image, IReadOnlyList<Mask> truth, IReadOnlyList<Mask> predicted, IReadOnlyList<int>? classes, int maxSide, Mask? undecided = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSide, 1);
        if (truth.Count != predicted.Count || truth.Count > LabelMap.MaxClasses)
        {
            throw new ArgumentException($"{truth.Count} masks of the truth and {predicted.Count} predicted; they must agree and be at most {LabelMap.MaxClasses}.", nameof(predicted));
        }

        if (truth.Concat(predicted).FirstOrDefault(m => m.Frame != image.Frame) is { } stranger)
        {
            throw new ArgumentException($"A mask is {stranger.Frame}, the image {image.Frame}; they must agree.", nameof(truth));
        }

        var frame = Fit(image.Frame, maxSide);
        var grey = EightBit(frame == image.Frame ? image : Resize.Area(image, frame));
        var sampling = new MaskSampling(image.Frame, frame);
        var (expected, wrong) = (new ulong[frame.Area], new ulong[frame.Area]);
        var drawn = classes ?? [.. Enumerable.Range(0, truth.Count)];
        foreach (var k in drawn)
        {
            sampling.Set(truth[k], 1UL << k, expected);
        }

        foreach (var (kind, band, pixels) in ErrorAnalysis.Places([.. drawn.Select(k => truth[k])], [.. drawn.Select(k => predicted[k])]))
        {
            sampling.Set(pixels, 1UL << BitOf(kind, band), wrong);
        }

        var rgb = Paint(frame, grey, expected, wrong);
        if (undecided is not null)
        {
            var open = new ulong[frame.Area];
            sampling.Set(undecided, 1, open);
            Shade(rgb, open);
        }

        return ImageFile.EncodePngRgb(frame, rgb);
    }

    /// <summary>The largest frame of the same shape whose sides are at most <paramref name="maxSide"/>.</summary>
    internal static Frame Fit(Frame frame, int maxSide)
    {
        var longer = Math.Max(frame.Height, frame.Width);
        return longer <= maxSide
            ? frame
            : new Frame(Math.Max(1, (int)((long)frame.Height * maxSide / longer)), Math.Max(1, (int)((long)frame.Width * maxSide / longer)));
    }

    /// <summary>The bit of a kind and band in a word of errors.</summary>
    internal static int BitOf(ErrorKind kind, int band) => ((int)kind * ErrorCounts.Bands) + band;

    /// <summary>Colours of all pixels, (H, W, 3) bytes.</summary>
    /// <param name="frame">Of the picture.</param>
    /// <param name="grey">A byte a pixel.</param>
    /// <param name="truth">A word a pixel, bit k = class k.</param>
    /// <param name="wrong">A word a pixel: none, or one of <see cref="BitOf"/>.</param>
    internal static byte[] Paint(Frame frame, ReadOnlySpan<byte> grey, ReadOnlySpan<ulong> truth, ReadOnlySpan<ulong> wrong)
    {
        var rgb = new byte[frame.Area * 3];
        for (var i = 0; i < grey.Length; i++)
        {
            var pixel = rgb.AsSpan(i * 3, 3);
            pixel.Fill(grey[i]);
            if (wrong[i] != 0)
            {
                var (kind, band) = Math.DivRem(System.Numerics.BitOperations.TrailingZeroCount(wrong[i]), ErrorCounts.Bands);
                Mix(pixel, ColourOf((ErrorKind)kind, band), Error);
            }
            else if (truth[i] != 0)
            {
                Mix(pixel, Agreed, Tint);
            }

            var isLastColumn = (i + 1) % frame.Width == 0;
            var isLastRow = i + frame.Width >= truth.Length;
            if ((!isLastColumn && truth[i] != truth[i + 1]) || (!isLastRow && truth[i] != truth[i + frame.Width]))
            {
                Mix(pixel, Outline, Line);
            }
        }

        return rgb;
    }

    private static (byte R, byte G, byte B) ColourOf(ErrorKind kind, int band)
    {
        var (r, g, b) = kind switch { ErrorKind.WrongLabel => Confused, ErrorKind.UnderSegmentation => Missed, _ => Extra };
        var share = AtBorder + ((1 - AtBorder) * band / (ErrorCounts.Bands - 1));
        return ((byte)Math.Round(r * share), (byte)Math.Round(g * share), (byte)Math.Round(b * share));
    }

    /// <summary>Lays grey over pixels whose word is not 0.</summary>
    internal static void Shade(Span<byte> rgb, ReadOnlySpan<ulong> words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] != 0)
            {
                Mix(rgb.Slice(i * 3, 3), Undecided, Error);
            }
        }
    }

    /// <summary>Lays a colour over a pixel, by so many parts of 256.</summary>
    internal static void Mix(Span<byte> pixel, (byte R, byte G, byte B) colour, int parts)
    {
        pixel[0] = (byte)(((pixel[0] * (256 - parts)) + (colour.R * parts)) >> 8);
        pixel[1] = (byte)(((pixel[1] * (256 - parts)) + (colour.G * parts)) >> 8);
        pixel[2] = (byte)(((pixel[2] * (256 - parts)) + (colour.B * parts)) >> 8);
    }

    /// <summary>Grey bytes; 16-bit images are stretched between their 0.5th and 99.5th percentiles.</summary>
    internal static byte[] EightBit(Image image)
    {
        if (image.BytesPerPixel == 1)
        {
            return image.Bytes.ToArray();
        }

        var pixels = image.Pixels<ushort>();
        var counts = new int[ushort.MaxValue + 1];
        foreach (var pixel in pixels)
        {
            counts[pixel]++;
        }

        var (low, high) = (Percentile(counts, pixels.Length, 0.005), Percentile(counts, pixels.Length, 0.995));
        var scale = 255.0 / Math.Max(1, high - low);
        var result = new byte[pixels.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (byte)Math.Clamp(Math.Round((pixels[i] - low) * scale), 0, 255);
        }

        return result;
    }

    /// <summary>The least value that at least this part of all pixels does not exceed.</summary>
    private static int Percentile(int[] counts, int total, double part)
    {
        var seen = 0L;
        for (var value = 0; value < counts.Length; value++)
        {
            seen += counts[value];
            if (seen > 0 && seen >= total * part)
            {
                return value;
            }
        }

        return counts.Length - 1;
    }

    private static string Hex((byte R, byte G, byte B) colour) => $"#{colour.R:x2}{colour.G:x2}{colour.B:x2}";
}
