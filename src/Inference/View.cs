using Osteon.Abstractions;
using Osteon.Masks;
using static TorchSharp.torch;

namespace Osteon.Inference;

/// <summary>One way to look at an image in test-time augmentation: mirrored or not, then turned, at a scale.</summary>
/// <param name="Mirrored">Columns change sides first.</param>
/// <param name="Turns">Quarter turns after that, counter-clockwise, 0 to 3.</param>
/// <param name="Scale">Size of what the network sees, as a share of the image's.</param>
internal sealed record View(bool Mirrored, int Turns, double Scale)
{
    /// <summary>The image as it is.</summary>
    public static View Plain { get; } = new(false, 0, 1);

    /// <summary>Each different view of a plan once, the plan's order; <see cref="Plain"/> alone without one.</summary>
    /// <remarks>Flips and rotations combine, and what comes out the same counts once: two flips and three rotations are eight views.</remarks>
    public static IReadOnlyList<View> Of(TtaPlan? plan)
    {
        if (plan is null)
        {
            return [Plain];
        }

        bool[] No() => [false];
        return
        [
            .. (from scale in plan.Scales
                from horizontal in plan.Flips.Contains(FlipAxis.Horizontal) ? [false, true] : No()
                from vertical in plan.Flips.Contains(FlipAxis.Vertical) ? [false, true] : No()
                from degrees in plan.Rotations.Prepend(0)
                // A vertical flip is a horizontal one and half a turn.
                select new View(horizontal != vertical, ((vertical ? 2 : 0) + (degrees / 90)) % 4, scale)).Distinct(),
        ];
    }

    /// <summary>Its image; on the same device.</summary>
    /// <param name="image">(N, C, H, W).</param>
    public Tensor Apply(Tensor image)
    {
        var seen = Scale == 1 ? image : Resized(image, Scaled(image.shape[2]), Scaled(image.shape[3]));
        seen = Mirrored ? seen.flip(3) : seen;
        return Turns == 0 ? seen : seen.rot90(Turns, (2, 3));
    }

    /// <summary>Logits of a part of what was seen, turned and mirrored as the image lies.</summary>
    /// <param name="logits">(K, h, w).</param>
    public Tensor Upright(Tensor logits)
    {
        logits = Turns == 0 ? logits : logits.rot90(4 - Turns, (1, 2));
        return Mirrored ? logits.flip(2) : logits;
    }

    /// <summary>The frame in which the image lies upright, at this view's scale.</summary>
    public Frame Upright(Frame image) => Scale == 1 ? image : new Frame((int)Scaled(image.Height), (int)Scaled(image.Width));

    /// <summary>Where a part of what was seen lies in the upright frame.</summary>
    /// <param name="top">Its first row, in what was seen.</param>
    /// <param name="left">Its first column.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="upright">See <see cref="Upright(Frame)"/>.</param>
    public (int Top, int Left) Upright(int top, int left, int height, int width, Frame upright)
    {
        // Undo quarter turns one by one, then the mirror.
        var seen = Turns % 2 == 0 ? upright : new Frame(upright.Width, upright.Height);
        for (var turn = 0; turn < Turns; turn++)
        {
            // Counter-clockwise, row r and column c came from row c and column H − 1 − r of a frame whose width was this one's height.
            (top, left, height, width, seen) = (left, seen.Height - top - height, width, height, new Frame(seen.Width, seen.Height));
        }

        return (top, Mirrored ? seen.Width - left - width : left);
    }

    private long Scaled(long side) => Math.Max(1, (long)Math.Round(side * Scale));

    private static Tensor Resized(Tensor image, long height, long width) =>
        nn.functional.interpolate(image, size: [height, width], mode: InterpolationMode.Bilinear, align_corners: false);
}
