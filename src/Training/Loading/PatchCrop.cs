using System.Numerics;
using System.Runtime.InteropServices;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Training;

/// <summary>Cuts a square out of a sample, at a drawn place.</summary>
internal static class PatchCrop
{
    /// <summary>Any place inside, each as likely; a side longer than the sample takes all of it.</summary>
    public static Sample Anywhere(Sample sample, int side, ref RandomStream random, Workspace workspace)
    {
        var (from, to) = (sample.Image.Frame, SizeIn(sample.Image.Frame, side));
        var top = random.NextInt(from.Height - to.Height + 1);
        return At(sample, top, random.NextInt(from.Width - to.Width + 1), to, workspace);
    }

    /// <summary>
    /// A place that may lie over the image's border, as nnU-Net's loader chooses it. Of every axis so many pixels may lie outside, half of them
    /// on each side; a smaller image lies in the middle of the square. With foreground, the middle is a pixel of a class: one of those
    /// that the sample has, each as likely, then one of its pixels, each as likely; below and to the right the square then reaches as far over the border as
    /// that asks for. Any place, each as likely, where the sample has none. Outside is the image's mean, which nnU-Net's 0 stands for, and no class.
    /// </summary>
    /// <remarks>Isensee et al. 2021, doi:10.1038/s41592-020-01008-z; nnU-Net 2, get_bbox of its data loader.</remarks>
    public static Sample OverBorder(Sample sample, int side, int outside, bool foreground, ref RandomStream random, Workspace workspace)
    {
        var (height, width) = sample.Image.Frame;
        var (rows, columns) = (Starts(height, side, outside), Starts(width, side, outside));
        var at = foreground ? Foreground(sample, ref random) : -1;
        var (row, column) = Math.DivRem(Math.Max(at, 0), width);
        var top = at < 0 ? rows.Least + random.NextInt(rows.Count) : Math.Max(rows.Least, row - (side / 2));
        var left = at < 0 ? columns.Least + random.NextInt(columns.Count) : Math.Max(columns.Least, column - (side / 2));
        var inside = top >= 0 && left >= 0 && top + side <= height && left + side <= width;
        return GeometryRun.Apply(
            sample, [new GridWindow(top, left, new Frame(side, side), inside ? default : new Border(BorderMode.Constant, Math.Round(sample.Image.Mean())))], workspace);
    }

    /// <summary>The first of the places along an axis, and how many there are.</summary>
    private static (int Least, int Count) Starts(int length, int side, int outside)
    {
        var half = (Math.Max(outside, side - length) + 1) / 2;
        return (-half, length + half - side + half + 1);
    }

    /// <summary>A pixel of one of the classes; −1 where there is none.</summary>
    private static int Foreground(Sample sample, ref RandomStream random) => sample.Labels.WordBytes switch
    {
        1 => Pixel<byte>(sample.Labels, ref random),
        2 => Pixel<ushort>(sample.Labels, ref random),
        4 => Pixel<uint>(sample.Labels, ref random),
        _ => Pixel<ulong>(sample.Labels, ref random),
    };

    private static Frame SizeIn(Frame from, int side) => new(Math.Min(side, from.Height), Math.Min(side, from.Width));

    private static Sample At(Sample sample, int top, int left, Frame to, Workspace workspace) =>
        GeometryRun.Apply(sample, [new GridWindow(top, left, to)], workspace);

    private static int Pixel<T>(LabelMap labels, ref RandomStream random) where T : unmanaged, IBinaryInteger<T>
    {
        ReadOnlySpan<T> words = MemoryMarshal.Cast<byte, T>(labels.Bytes);
        var present = T.Zero;
        foreach (var word in words)
        {
            present |= word;
        }

        var classes = ulong.CreateTruncating(present);
        if (classes == 0)
        {
            return -1;
        }

        for (var skip = random.NextInt(BitOperations.PopCount(classes)); skip > 0; skip--)
        {
            classes &= classes - 1;
        }

        var shift = BitOperations.TrailingZeroCount(classes);
        var count = 0;
        foreach (var word in words)
        {
            count += int.CreateTruncating((word >> shift) & T.One);
        }

        var wanted = random.NextInt(count);
        for (var i = 0; ; i++)
        {
            if (((words[i] >> shift) & T.One) != T.Zero && wanted-- == 0)
            {
                return i;
            }
        }
    }
}
