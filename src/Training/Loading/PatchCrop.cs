using System.Numerics;
using System.Runtime.InteropServices;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Training;

/// <summary>Cuts a square out of a sample, at a drawn place; a side longer than the sample takes all of it.</summary>
internal static class PatchCrop
{
    /// <summary>Any place inside, each as likely.</summary>
    public static Sample Anywhere(Sample sample, int side, ref RandomStream random, Workspace workspace)
    {
        var (from, to) = (sample.Image.Frame, SizeIn(sample.Image.Frame, side));
        var top = random.NextInt(from.Height - to.Height + 1);
        return At(sample, top, random.NextInt(from.Width - to.Width + 1), to, workspace);
    }

    /// <summary>
    /// A place that has a pixel of a class in its middle, as far as the image's edges let it: one of the classes that the sample has, each
    /// as likely, then one of its pixels, each as likely. Anywhere, where the sample has none.
    /// </summary>
    /// <remarks>Isensee et al. 2021, doi:10.1038/s41592-020-01008-z. nnU-Net lets the patch leave the image; here it is moved back inside.</remarks>
    public static Sample OnForeground(Sample sample, int side, ref RandomStream random, Workspace workspace)
    {
        var at = sample.Labels.WordBytes switch
        {
            1 => Pixel<byte>(sample.Labels, ref random),
            2 => Pixel<ushort>(sample.Labels, ref random),
            4 => Pixel<uint>(sample.Labels, ref random),
            _ => Pixel<ulong>(sample.Labels, ref random),
        };
        if (at < 0)
        {
            return Anywhere(sample, side, ref random, workspace);
        }

        var (from, to) = (sample.Image.Frame, SizeIn(sample.Image.Frame, side));
        var (row, column) = Math.DivRem(at, from.Width);
        return At(
            sample, Math.Clamp(row - (to.Height / 2), 0, from.Height - to.Height), Math.Clamp(column - (to.Width / 2), 0, from.Width - to.Width), to, workspace);
    }

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
