using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Training;

namespace Osteon.Runner;

/// <summary>A case with the masks that a segmentation makes of it.</summary>
/// <param name="masks">Of all cases; null where only images that are no cases are shown.</param>
internal abstract class MaskInput(InputMasks? masks) : CaseInput
{
    /// <summary>The input that a plan asks for.</summary>
    public static MaskInput Of(ExperimentSession session, InputMasks? masks) => session.Plan.Input!.As == InputForm.Crop
        ? new MaskCrop(masks, session.Plan.Input, InputMasks.PlanesOf(session).Count)
        : new MaskChannels(masks, InputMasks.PlanesOf(session));

    /// <inheritdoc/>
    public override Sample Read(CaseStore store, StoredCase stored, int bits, Workspace workspace) => Show(store.ReadImage(stored, workspace), Seen(masks![stored.Id], stored.Crop), bits, workspace);

    /// <summary>What the network is shown of an image.</summary>
    /// <param name="image">In the frame it is stored in; of the workspace.</param>
    /// <param name="masks">In the original, of the part that is stored.</param>
    /// <param name="bits">Classes of the words.</param>
    /// <param name="workspace">Owns the memory.</param>
    public abstract Sample Show(Image image, IReadOnlyList<Mask> masks, int bits, Workspace workspace);

    /// <summary>What of masks lies in the part of an image that is stored.</summary>
    public static IReadOnlyList<Mask> Seen(IReadOnlyList<Mask> masks, Box? crop) => crop is { } box ? [.. masks.Select(box.Cut)] : masks;

    private protected static Sample Bare(Image image, int bits, Workspace workspace)
    {
        var words = workspace.Labels(image.Frame, bits);
        words.Bytes.Clear();
        return new Sample(image, words);
    }
}

/// <summary>Masks behind the image's channels.</summary>
internal sealed class MaskChannels(InputMasks? masks, IReadOnlyList<string> planes) : MaskInput(masks)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Planes => planes;

    /// <inheritdoc/>
    public override Sample Show(Image image, IReadOnlyList<Mask> masks, int bits, Workspace workspace)
    {
        var sample = Bare(image, bits, workspace);
        var scaling = new NearestScaling(masks[0].Frame, image.Frame);
        for (var k = 0; k < masks.Count; k++)
        {
            sample.Labels.Add(scaling.Apply(masks[k]), k);
        }

        return sample;
    }
}

/// <summary>The part of the image around the masks, as large as the image; the whole image where there are none.</summary>
/// <param name="masks">Of all cases.</param>
/// <param name="plan">Its margin and least side.</param>
/// <param name="count">Masks of a case.</param>
internal sealed class MaskCrop(InputMasks? masks, InputPlan plan, int count) : MaskInput(masks)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Planes => [];

    /// <inheritdoc/>
    public override Sample Show(Image image, IReadOnlyList<Mask> masks, int bits, Workspace workspace)
    {
        // Of every class the first threshold's.
        var levels = plan.Thresholds.Count;
        var region = Enumerable.Range(0, count / levels).Select(k => masks[k * levels]).Aggregate((a, b) => a.Union(b));
        var sample = Bare(image, bits, workspace);
        var (top, left, part) = Box(region, image.Frame, plan);
        if (part == image.Frame)
        {
            return sample;
        }

        sample = GeometryRun.Apply(sample, [new GridResize(top, left, part, image.Frame)], workspace);
        workspace.Keep(sample);
        return sample;
    }

    /// <summary>
    /// The least part of a frame that has its shape, holds a mask with a margin on each side, is not below the least side, and lies inside; the mask is in its
    /// middle where the frame's border allows it.
    /// </summary>
    /// <param name="mask">Of any frame of that shape.</param>
    /// <param name="frame">That is cut.</param>
    /// <param name="plan">Margin and least side.</param>
    internal static (int Top, int Left, Frame Part) Box(Mask mask, Frame frame, InputPlan plan)
    {
        if (mask.IsEmpty)
        {
            return (0, 0, frame);
        }

        var (top, left, bottom, right) = Bounds(mask);
        var (scaleY, scaleX) = ((double)frame.Height / mask.Frame.Height, (double)frame.Width / mask.Frame.Width);
        var (y, x, height, width) = ((top + bottom) / 2.0 * scaleY, (left + right) / 2.0 * scaleX, (bottom - top) * scaleY, (right - left) * scaleX);
        var beyond = 2 * plan.Margin * Math.Max(height, width);
        var share = Math.Min(1, Math.Max(plan.MinSide, Math.Max((height + beyond) / frame.Height, (width + beyond) / frame.Width)));
        var part = new Frame(Math.Clamp((int)Math.Ceiling(share * frame.Height), 1, frame.Height), Math.Clamp((int)Math.Ceiling(share * frame.Width), 1, frame.Width));
        return (Place(y, part.Height, frame.Height), Place(x, part.Width, frame.Width), part);
    }

    private static int Place(double middle, int side, int all) => Math.Clamp((int)Math.Round(middle - (side / 2.0)), 0, all - side);

    // Ends are one past the last pixel.
    private static (int Top, int Left, int Bottom, int Right) Bounds(Mask mask)
    {
        var (left, right, width) = (int.MaxValue, 0, mask.Frame.Width);
        foreach (var run in mask.Runs)
        {
            var (row, column) = Math.DivRem(run.Start, width);
            var wraps = row != (run.End - 1) / width;
            (left, right) = (Math.Min(left, wraps ? 0 : column), Math.Max(right, wraps ? width : column + run.Length));
        }

        return (mask.Runs[0].Start / width, left, ((mask.Runs[^1].End - 1) / width) + 1, right);
    }
}
