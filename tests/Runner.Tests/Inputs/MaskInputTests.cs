using FsCheck;
using FsCheck.Fluent;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Runner.Tests;

public sealed class MaskInputTests
{
    private static readonly InputPlan Plain = new() { Margin = 0, MinSide = 0 };

    [Fact]
    public void Masks_lie_behind_the_image_at_its_size()
    {
        var image = new Image(new Frame(2, 4), 1, [1, 2, 3, 4, 5, 6, 7, 8]);
        var original = new Frame(4, 8);
        var shown = new MaskChannels(null, ["a", "b"]).Show(image, [new Mask(original, [new Run(0, 4)]), new Mask(original, [new Run(28, 4)])], bits: 4, new Workspace());
        Assert.Same(image, shown.Image);
        Assert.Equal([1, 1, 0, 0, 0, 0, 0, 0], Pixels(shown.Labels, 0));
        Assert.Equal(4, shown.Labels.Classes);
        Assert.True(shown.Labels.ToMask(2).IsEmpty && shown.Labels.ToMask(3).IsEmpty);
        // Nearest takes rows 0 and 2 of the original: the last row is not seen.
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0], Pixels(shown.Labels, 1));
    }

    [Fact]
    public void A_crop_is_the_part_around_the_mask_as_large_as_the_image()
    {
        // 8 × 8; the mask fills rows 4 and 5, columns 2 and 3: a quarter of the side, doubled by a margin of a half on each side.
        var frame = new Frame(8, 8);
        var mask = new Mask(frame, [new Run((4 * 8) + 2, 2), new Run((5 * 8) + 2, 2)]);
        Assert.Equal((4, 2, new Frame(2, 2)), MaskCrop.Box(mask, frame, Plain));
        Assert.Equal((3, 1, new Frame(4, 4)), MaskCrop.Box(mask, frame, Plain with { Margin = 0.5 }));
        Assert.Equal((3, 1, new Frame(4, 4)), MaskCrop.Box(mask, frame, Plain with { MinSide = 0.5 }));
        Assert.Equal((0, 0, frame), MaskCrop.Box(mask, frame, Plain with { Margin = 3 }));

        byte[] pixels = [.. Enumerable.Range(0, 64).Select(i => (byte)(i / 8 is 4 or 5 && i % 8 is 2 or 3 ? 200 : 10))];
        var shown = new MaskCrop(null, Plain, 1).Show(new Image(frame, 1, pixels), [mask], bits: 2, new Workspace());
        Assert.Equal(frame, shown.Image.Frame);
        Assert.All(shown.Image.Bytes.ToArray(), p => Assert.Equal(200, p));
        Assert.True(shown.Labels.ToMask(0).IsEmpty);
    }

    [Fact]
    public void Without_a_mask_the_whole_image_is_shown()
    {
        var image = new Image(new Frame(2, 2), 1, [1, 2, 3, 4]);
        Assert.Same(image, new MaskCrop(null, new InputPlan(), 1).Show(image, [Mask.Empty(new Frame(5, 5))], bits: 2, new Workspace()).Image);
    }

    [Fact]
    public void A_crop_has_the_images_shape_lies_inside_and_holds_the_mask() => Prop.ForAll(
        (from height in Gen.Choose(1, 60)
         from width in Gen.Choose(1, 60)
         from start in Gen.Choose(0, (height * width) - 1)
         from length in Gen.Choose(1, (height * width) - start)
         from margin in Gen.Elements(0.0, 0.25, 1)
         from least in Gen.Elements(0.0, 0.3, 1)
         select (Frame: new Frame(height, width), Run: new Run(start, length), Plan: new InputPlan { Margin = margin, MinSide = least })).ToArbitrary(),
        drawn =>
        {
            var (frame, run) = (drawn.Frame, drawn.Run);
            var (top, left, part) = MaskCrop.Box(new Mask(frame, [run]), frame, drawn.Plan);
            return top >= 0 && left >= 0 && top + part.Height <= frame.Height && left + part.Width <= frame.Width
                && Math.Abs(((double)part.Height / frame.Height) - ((double)part.Width / frame.Width)) <= 1.0 / Math.Min(frame.Height, frame.Width)
                && part.Height >= drawn.Plan.MinSide * frame.Height - 1e-9
                && Enumerable.Range(run.Start, run.Length).All(i => i / frame.Width >= top && i / frame.Width < top + part.Height && i % frame.Width >= left && i % frame.Width < left + part.Width);
        }).QuickCheckThrowOnFailure();

    private static int[] Pixels(LabelMap words, int k)
    {
        var pixels = new int[words.Frame.Area];
        foreach (var run in words.ToMask(k).Runs)
        {
            pixels.AsSpan(run.Start, run.Length).Fill(1);
        }

        return pixels;
    }
}
