using System.Runtime.InteropServices;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>How often an augmentation without further options is applied.</summary>
public sealed record ChanceOptions
{
    /// <summary>Probability in [0, 1].</summary>
    public double P { get; init; } = 0.5;
}

/// <summary>Lays the grid on itself or its transpose: no pixel is interpolated, none is lost.</summary>
public abstract class OrientationAugmentation(double p) : SpatialAugmentation<Orientation>(p)
{
    private const int Block = 32;                                   // 32 rows of 8-byte words fit the first-level cache

    /// <inheritdoc/>
    protected sealed override Image Transform(Image image, Orientation draw) => draw == Orientation.Identity
        ? image
        : new Image(Turned(image.Frame, draw), image.BytesPerPixel, Move(image.Bytes, image.Frame, image.BytesPerPixel, draw));

    /// <inheritdoc/>
    protected sealed override LabelMap Transform(LabelMap labels, Orientation draw) => draw == Orientation.Identity
        ? labels
        : new LabelMap(Turned(labels.Frame, draw), labels.Classes, Move(labels.Bytes, labels.Frame, labels.WordBytes, draw));

    private static Frame Turned(Frame frame, Orientation orientation) =>
        orientation.HasFlag(Orientation.Transpose) ? new Frame(frame.Width, frame.Height) : frame;

    private static byte[] Move(ReadOnlySpan<byte> words, Frame frame, int wordBytes, Orientation orientation)
    {
        var moved = GC.AllocateUninitializedArray<byte>(words.Length);
        switch (wordBytes)
        {
            case 1: Move<byte>(words, moved, frame, orientation); break;
            case 2: Move<ushort>(words, moved, frame, orientation); break;
            case 4: Move<uint>(words, moved, frame, orientation); break;
            default: Move<ulong>(words, moved, frame, orientation); break;
        }

        return moved;
    }

    private static void Move<T>(ReadOnlySpan<byte> words, Span<byte> moved, Frame frame, Orientation orientation) where T : unmanaged
    {
        var from = MemoryMarshal.Cast<byte, T>(words);
        var to = MemoryMarshal.Cast<byte, T>(moved);
        if (orientation.HasFlag(Orientation.Transpose))
        {
            MoveTransposed(from, to, frame, orientation.HasFlag(Orientation.FlipRows), orientation.HasFlag(Orientation.FlipColumns));
        }
        else
        {
            MoveUpright(from, to, frame, orientation.HasFlag(Orientation.FlipRows), orientation.HasFlag(Orientation.FlipColumns));
        }
    }

    private static void MoveUpright<T>(ReadOnlySpan<T> from, Span<T> to, Frame frame, bool rows, bool columns)
    {
        var (height, width) = frame;
        for (var i = 0; i < height; i++)
        {
            var row = to.Slice(i * width, width);
            from.Slice((rows ? height - 1 - i : i) * width, width).CopyTo(row);
            if (columns)
            {
                row.Reverse();
            }
        }
    }

    private static void MoveTransposed<T>(ReadOnlySpan<T> from, Span<T> to, Frame frame, bool rows, bool columns)
    {
        var (height, width) = frame;
        for (var top = 0; top < width; top += Block)
        {
            for (var left = 0; left < height; left += Block)
            {
                var (bottom, right) = (Math.Min(top + Block, width), Math.Min(left + Block, height));
                for (var i = top; i < bottom; i++)
                {
                    var column = columns ? width - 1 - i : i;
                    for (var j = left; j < right; j++)
                    {
                        to[(i * height) + j] = from[((rows ? height - 1 - j : j) * width) + column];
                    }
                }
            }
        }
    }
}
