using FsCheck;
using FsCheck.Fluent;

namespace Osteon.Masks.Tests;

public sealed class MaskTests
{
    [Fact]
    public void A_dense_mask_comes_back_from_its_runs() =>
        Prop.ForAll(MaskGenerator.One, mask => Mask.FromDense(mask.ToDense(), mask.Frame).Equals(mask)).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_value_but_zero_is_set()
    {
        byte[] pixels = [0, 1, 128, 255, 0, 7];
        Assert.Equal([new Run(1, 3), new Run(5, 1)], Mask.FromDense(pixels, new Frame(2, 3)).Runs.ToArray());
    }

    [Fact]
    public void A_threshold_sets_what_is_strictly_above_it_and_no_NaN()
    {
        float[] logits = [-1, 0, 0.1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        Assert.Equal([new Run(2, 1), new Run(4, 1)], Mask.FromThreshold(logits, new Frame(2, 3), 0).Runs.ToArray());
    }

    [Fact]
    public void Thresholding_its_own_pixels_gives_a_mask_back() =>
        Prop.ForAll(MaskGenerator.One, mask => Mask.FromThreshold([.. mask.ToDense().Select(v => v - 0.5f)], mask.Frame, 0).Equals(mask))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Transposition_agrees_with_a_loop_over_pixels() =>
        Prop.ForAll(MaskGenerator.One, mask => mask.Transpose().Equals(Slow.Transpose(mask))).QuickCheckThrowOnFailure();

    [Fact]
    public void Transposition_twice_changes_nothing() =>
        Prop.ForAll(MaskGenerator.One, mask => mask.Transpose().Transpose().Equals(mask)).QuickCheckThrowOnFailure();

    [Fact]
    public void A_full_mask_is_full_in_both_orders() =>
        Assert.Equal(Mask.Full(new Frame(7, 3)), Mask.Full(new Frame(3, 7)).Transpose());

    [Fact]
    public void The_complement_shares_nothing_and_leaves_nothing() =>
        Prop.ForAll(MaskGenerator.One, mask =>
            mask.Intersect(mask.Complement()).IsEmpty && mask.Union(mask.Complement()).Equals(Mask.Full(mask.Frame)))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Subtraction_leaves_what_the_other_does_not_share() =>
        Prop.ForAll(MaskGenerator.Pair, m =>
            m[0].Subtract(m[1]).Area == m[0].Area - m[0].Intersect(m[1]).Area).QuickCheckThrowOnFailure();

    [Fact]
    public void Masks_of_two_frames_have_no_union() =>
        Assert.Contains("2×3", Assert.Throws<ArgumentException>(() => Mask.Empty(new Frame(2, 3)).Union(Mask.Empty(new Frame(3, 2)))).Message, StringComparison.Ordinal);

    [Fact]
    public void Runs_that_touch_are_refused() =>
        Assert.Throws<ArgumentException>(() => new Mask(new Frame(1, 9), [new Run(0, 2), new Run(2, 1)]));
}
