using Osteon.Abstractions;
using Osteon.Imaging;

namespace Osteon.Plugins.Augmentations.Intensity;

/// <summary>Whose formula makes the table.</summary>
public enum EqualizeMode
{
    /// <summary>OpenCV's.</summary>
    Cv,

    /// <summary>Pillow's.</summary>
    Pil,
}

/// <summary>Albumentations' options and defaults.</summary>
public sealed record EqualizeOptions : AugmentationOptions
{
    /// <summary>cv or pil.</summary>
    public EqualizeMode Mode { get; init; } = EqualizeMode.Cv;
}

/// <summary>Nothing is left to chance.</summary>
public readonly record struct Nothing;

/// <summary>Spreads intensities so that each is as frequent.</summary>
/// <remarks>cv2.equalizeHist, or Pillow's formula, bit for bit; 16-bit images by the same formula.</remarks>
[Augmentation("Equalize")]
public sealed class Equalize(EqualizeOptions options) : IntensityAugmentation<Nothing>(options.Checked().P)
{
    /// <inheritdoc/>
    protected override Nothing DrawParameters(ref RandomStream random, in DrawContext context) => default;

    /// <inheritdoc/>
    protected override void Transform(Image from, Image to, Nothing draw, Workspace workspace)
    {
        if (options.Mode == EqualizeMode.Cv && from.BytesPerPixel == 1)
        {
            Filter.Equalize(from, to);
            return;
        }

        var histogram = workspace.Numbers<int>(from.MaxValue + 1);
        histogram.Clear();
        if (from.BytesPerPixel == 1)
        {
            foreach (var v in from.Bytes)
            {
                histogram[v]++;
            }
        }
        else
        {
            foreach (var v in from.Pixels<ushort>())
            {
                histogram[v]++;
            }
        }

        var table = workspace.Numbers<int>(histogram.Length);
        if (options.Mode == EqualizeMode.Cv)
        {
            SpreadLikeOpenCv(histogram, table, from.Frame.Area);
        }
        else
        {
            SpreadLikePillow(histogram, table, from.Frame.Area);
        }

        PixelTable.Apply(from, to, table);
    }

    private static void SpreadLikeOpenCv(ReadOnlySpan<int> histogram, Span<int> table, int total)
    {
        var first = histogram.IndexOfAnyExcept(0);
        if (histogram[first] == total)
        {
            table.Fill(first);
            return;
        }

        var scale = (table.Length - 1f) / (total - histogram[first]);
        var sum = 0;
        table[..(first + 1)].Clear();
        for (var v = first + 1; v < table.Length; v++)
        {
            sum += histogram[v];
            table[v] = Math.Clamp((int)MathF.Round(sum * scale), 0, table.Length - 1);
        }
    }

    private static void SpreadLikePillow(ReadOnlySpan<int> histogram, Span<int> table, int total)
    {
        var last = histogram.LastIndexOfAnyExcept(0);
        var step = (total - histogram[last]) / (table.Length - 1);
        var sum = 0L;
        for (var v = 0; v < table.Length; v++)
        {
            sum += histogram[v];
            table[v] = step == 0 ? v : (int)Math.Min((sum + (step / 2)) / step, table.Length - 1);
        }
    }
}
