using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Mixing;

/// <summary>Pastes parts of samples beside each other: grey levels, label words, and labels that were mixed in before.</summary>
internal static class Canvas
{
    /// <summary>A sample of a frame with a fill everywhere.</summary>
    public static Sample Filled(Sample like, Frame frame, double fill, long fillMask, Workspace workspace)
    {
        var blank = new Sample(workspace.Image(new Frame(1, 1), like.Image.BytesPerPixel), workspace.Labels(new Frame(1, 1), like.Labels.Classes));
        blank.Image.Bytes.Clear();
        blank.Labels.Bytes.Clear();
        var filled = GeometryRun.Apply(blank, [new GridWindow(-frame.Height, -frame.Width, frame, new Border(BorderMode.Constant, fill, fillMask))], workspace);
        return filled with { Second = Copy(filled.Labels, like.Second, workspace), SecondShare = like.SecondShare };
    }

    /// <summary>The same pixels in memory of their own, to paste on.</summary>
    public static Sample Copy(Sample sample, Workspace workspace)
    {
        var (image, labels) = (workspace.Image(sample.Image.Frame, sample.Image.BytesPerPixel), workspace.Labels(sample.Labels.Frame, sample.Labels.Classes));
        sample.Image.Bytes.CopyTo(image.Bytes);
        sample.Labels.Bytes.CopyTo(labels.Bytes);
        return sample with { Image = image, Labels = labels, Second = Copy(sample.Second, sample.Second, workspace) };
    }

    /// <summary>The sample at another size, and in the depth of a first one.</summary>
    public static Sample Resized(Sample sample, Frame frame, Sample like, Workspace workspace, Interpolation interpolation = Interpolation.Linear)
    {
        sample = GeometryRun.Apply(sample, [new GridResize(sample.Image.Frame, frame, interpolation)], workspace);
        if (sample.Image.BytesPerPixel == like.Image.BytesPerPixel)
        {
            return sample;
        }

        var image = workspace.Image(frame, like.Image.BytesPerPixel);
        for (var i = 0; i < frame.Area; i++)
        {
            if (like.Image.BytesPerPixel == 2)
            {
                image.Pixels<ushort>()[i] = (ushort)(sample.Image.Bytes[i] * 257);
            }
            else
            {
                image.Bytes[i] = (byte)(sample.Image.Pixels<ushort>()[i] / 257);
            }
        }

        return sample with { Image = image };
    }

    /// <summary>Copies a rectangle of one sample onto another of the same depth.</summary>
    /// <param name="from">Where it is taken.</param>
    /// <param name="top">Its first row there.</param>
    /// <param name="left">Its first column there.</param>
    /// <param name="size">Height and width; 0 on a side pastes nothing.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="row">Its first row there.</param>
    /// <param name="column">Its first column there.</param>
    public static void Paste(Sample from, int top, int left, (int Height, int Width) size, Sample to, int row, int column)
    {
        Paste(from.Image.Bytes, from.Image.Frame, top, left, size, to.Image.Bytes, to.Image.Frame, row, column, to.Image.BytesPerPixel);
        Paste(from.Labels.Bytes, from.Labels.Frame, top, left, size, to.Labels.Bytes, to.Labels.Frame, row, column, to.Labels.WordBytes);
        if (to.Second is not null)
        {
            Paste((from.Second ?? from.Labels).Bytes, from.Labels.Frame, top, left, size, to.Second.Bytes, to.Second.Frame, row, column, to.Second.WordBytes);
        }
    }

    private static void Paste(
        ReadOnlySpan<byte> from, Frame source, int top, int left, (int Height, int Width) size, Span<byte> to, Frame target, int row, int column, int bytes)
    {
        for (var i = 0; i < size.Height; i++)
        {
            from.Slice((((top + i) * source.Width) + left) * bytes, size.Width * bytes).CopyTo(to[((((row + i) * target.Width) + column) * bytes)..]);
        }
    }

    private static LabelMap? Copy(LabelMap? from, LabelMap? asked, Workspace workspace)
    {
        if (from is null || asked is null)
        {
            return null;
        }

        var copy = workspace.Labels(from.Frame, from.Classes);
        from.Bytes.CopyTo(copy.Bytes);
        return copy;
    }
}
