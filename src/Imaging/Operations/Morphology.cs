using System.Buffers;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>The shape of a structuring element; the numbers are OpenCV's.</summary>
public enum ElementShape
{
    /// <summary>A square.</summary>
    Rect = 0,

    /// <summary>The middle row and column.</summary>
    Cross = 1,

    /// <summary>A disc.</summary>
    Ellipse = 2,
}

/// <summary>What is done with the element; the numbers are OpenCV's.</summary>
public enum MorphologyOperation
{
    /// <summary>A pixel stays set where all under the element are.</summary>
    Erode = 0,

    /// <summary>A pixel is set where one under the element is.</summary>
    Dilate = 1,

    /// <summary>Eroded, then dilated: what the element does not fit into goes.</summary>
    Open = 2,

    /// <summary>Dilated, then eroded: gaps the element does not fit into are filled.</summary>
    Close = 3,
}

/// <summary>cv2.morphologyEx on masks, in their own bounding box only; outside the image counts neither as set nor as unset.</summary>
public static unsafe class Morphology
{
    /// <summary>The largest element: 255 pixels a side.</summary>
    public const int LargestElement = 255;

    /// <summary>A mask, changed.</summary>
    /// <param name="mask">Any.</param>
    /// <param name="operation">What is done.</param>
    /// <param name="shape">The element.</param>
    /// <param name="size">Its side in pixels, 1 to <see cref="LargestElement"/>.</param>
    /// <param name="iterations">How often each step is done, 1 to 100; an opening erodes so often and then dilates so often.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size or the iterations are outside their intervals.</exception>
    public static Mask Apply(Mask mask, MorphologyOperation operation, ElementShape shape, int size, int iterations = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, LargestElement);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterations, 100);
        var around = Box.Around(mask);
        if (around.IsEmpty)
        {
            return mask;
        }

        // As far as a dilation reaches, and an unset pixel more, so that nothing is decided by the box's own edge.
        var box = around.Grown((iterations * size) + 1).Within(mask.Frame);
        var area = box.Height * box.Width;
        var (rented, changed) = (ArrayPool<byte>.Shared.Rent(area), ArrayPool<byte>.Shared.Rent(area));
        try
        {
            box.Draw(mask, rented.AsSpan(0, area), 1);
            fixed (byte* from = rented, to = changed)
            {
                var (source, destination) = (new Plane(from, box.Height, box.Width, PixelType.Byte), new Plane(to, box.Height, box.Width, PixelType.Byte));
                Native.Check(Native.Morphology(&source, &destination, (int)operation, (int)shape, size, iterations));
            }

            return new Mask(mask.Frame, box.Runs(changed.AsSpan(0, area), mask.Frame));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
            ArrayPool<byte>.Shared.Return(changed);
        }
    }
}
