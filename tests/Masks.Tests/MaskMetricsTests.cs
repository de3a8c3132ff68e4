using FsCheck;
using FsCheck.Fluent;

namespace Osteon.Masks.Tests;

public sealed class MaskMetricsTests
{
    private static readonly Frame Line = new(1, 100);

    [Fact]
    public void Dice_is_symmetric() =>
        Prop.ForAll(MaskGenerator.Pair, m => MaskMetrics.Dice(m[0], m[1]) == MaskMetrics.Dice(m[1], m[0])).QuickCheckThrowOnFailure();

    [Fact]
    public void Counts_agree_with_set_operations() =>
        Prop.ForAll(MaskGenerator.Pair, m =>
            MaskMetrics.Counts(m[0], m[1]) == new PixelCounts(
                m[0].Intersect(m[1]).Area, m[0].Subtract(m[1]).Area, m[1].Subtract(m[0]).Area, m[0].Union(m[1]).Complement().Area)).QuickCheckThrowOnFailure();

    [Fact]
    public void Half_overlap_has_Dice_one_half_and_IoU_one_third()
    {
        var (a, b) = (new Mask(Line, [new Run(0, 20)]), new Mask(Line, [new Run(10, 20)]));
        Assert.Equal((0.5, 1.0 / 3), (MaskMetrics.Dice(a, b), MaskMetrics.IoU(a, b)));
    }

    [Theory]
    [InlineData(EmptyRule.One, 1)]
    [InlineData(EmptyRule.Zero, 0)]
    [InlineData(EmptyRule.Skip, double.NaN)]
    public void Two_empty_masks_are_worth_what_the_rule_says(EmptyRule rule, double expected) =>
        Assert.Equal(expected, MaskMetrics.Dice(Mask.Empty(Line), Mask.Empty(Line), rule));

    [Theory]
    [InlineData(EmptyRule.One)]
    [InlineData(EmptyRule.Skip)]
    public void One_empty_mask_makes_zero_by_any_rule(EmptyRule rule) =>
        Assert.Equal(0, MaskMetrics.Dice(Mask.Empty(Line), new Mask(Line, [new Run(3, 1)]), rule));

    [Fact]
    public void The_mean_leaves_out_skipped_pairs() => Assert.Equal(0.75, MaskMetrics.Mean([0.5, double.NaN, 1]));
}
