using System.Buffers;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>How <see cref="Watershed"/> finds its seeds.</summary>
public sealed record WatershedSettings
{
    /// <summary>The largest kernel and the most iterations.</summary>
    public const int LargestKernel = 255, MostIterations = 100;

    /// <summary>Grey levels above it are set, in [0, 255].</summary>
    public int Threshold { get; init; } = 127;

    /// <summary>Side of the square that closing and dilation use, 1 to 255.</summary>
    public int Kernel { get; init; } = 3;

    /// <summary>Times the set pixels are closed, 0 to 100.</summary>
    public int Closing { get; init; } = 2;

    /// <summary>Times they are dilated: what that adds is undecided, beyond it is background. 0 to 100.</summary>
    public int Dilation { get; init; } = 3;

    /// <summary>cv2.distanceTransform's mask: 3, 5 or 0, which is exact.</summary>
    public int Distance { get; init; } = 5;

    /// <summary>A seed is farther from the outside than this share of the farthest pixel's distance, in [0, 1].</summary>
    public double Factor { get; init; } = 0.7;

    /// <summary>As far as closing and dilation reach, in pixels.</summary>
    internal int Reach => (Closing + Dilation) * Kernel;
}

/// <summary>
/// Parts what touches: threshold, closing, dilation, distance transform, a share of its largest value, connected components as seeds, and
/// cv2.watershed from them. The OpenCV tutorial's chain, each step OpenCV's own.
/// </summary>
/// <remarks>Meyer 1992, the algorithm of cv2.watershed.</remarks>
public static unsafe class Watershed
{
    /// <summary>Regions of a grey image: 1 is the background, 2 and above are the seeds' in the order of cv2.connectedComponents, −1 the lines between and the image's border.</summary>
    /// <param name="grey">8-bit, row-major.</param>
    /// <param name="frame">Its height and width.</param>
    /// <param name="settings">Thresholds and reaches.</param>
    /// <exception cref="ArgumentException">The span's length does not fit, or a setting is outside its interval.</exception>
    public static int[] Regions(ReadOnlySpan<byte> grey, Frame frame, WatershedSettings settings)
    {
        if (grey.Length != frame.Area)
        {
            throw new ArgumentException($"{grey.Length} pixels are not those of {frame}.", nameof(grey));
        }

        var markers = new int[frame.Area];
        fixed (int* to = markers)
        {
            Run(grey, new Plane(to, frame.Height, frame.Width, PixelType.Int32), settings);
        }

        return markers;
    }

    /// <summary>The pixels of a mask's regions, without the background and the lines between; the mask is drawn with grey level 255.</summary>
    /// <remarks>Done in the mask's bounding box and as far around it as the steps reach; the same pixels as on the whole image.</remarks>
    public static Mask Part(Mask mask, WatershedSettings settings)
    {
        var around = Box.Around(mask);
        if (around.IsEmpty)
        {
            return mask;
        }

        var box = around.Grown(settings.Reach + 3).Within(mask.Frame);
        var area = box.Height * box.Width;
        var (rented, parted) = (ArrayPool<byte>.Shared.Rent(area), ArrayPool<byte>.Shared.Rent(area));
        try
        {
            box.Draw(mask, rented.AsSpan(0, area), byte.MaxValue);
            fixed (byte* to = parted)
            {
                Run(rented.AsSpan(0, area), new Plane(to, box.Height, box.Width, PixelType.Byte), settings);
            }

            return new Mask(mask.Frame, box.Runs(parted.AsSpan(0, area), mask.Frame));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
            ArrayPool<byte>.Shared.Return(parted);
        }
    }

    private static void Run(ReadOnlySpan<byte> grey, Plane to, WatershedSettings settings)
    {
        var allowed = settings.Distance is 0 or 3 or 5 && settings.Threshold is >= 0 and <= byte.MaxValue && settings.Factor is >= 0 and <= 1
            && settings.Kernel is >= 1 and <= WatershedSettings.LargestKernel
            && settings.Closing is >= 0 and <= WatershedSettings.MostIterations && settings.Dilation is >= 0 and <= WatershedSettings.MostIterations;
        if (!allowed)
        {
            throw new ArgumentException($"{settings} has a number outside its interval.", nameof(settings));
        }

        fixed (byte* from = grey)
        {
            var source = new Plane(from, to.Height, to.Width, PixelType.Byte);
            Native.Check(Native.Watershed(&source, &to, settings.Threshold, settings.Kernel, settings.Closing, settings.Dilation, settings.Distance, settings.Factor));
        }
    }
}
