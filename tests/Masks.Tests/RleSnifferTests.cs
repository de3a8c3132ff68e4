namespace Osteon.Masks.Tests;

public sealed class RleSnifferTests
{
    private static readonly Mask Label = Mask.FromDense(
        [
            0, 0, 1, 1, 0,
            0, 1, 1, 1, 0,
            0, 1, 0, 0, 0,
            0, 1, 0, 0, 0,
        ],
        new Frame(4, 5));

    [Theory]
    [InlineData(ScanOrder.Row, 1, RleForm.StartLength)]
    [InlineData(ScanOrder.Column, 1, RleForm.StartLength)]
    [InlineData(ScanOrder.Column, 0, RleForm.StartLength)]
    [InlineData(ScanOrder.Column, 0, RleForm.Counts)]
    [InlineData(ScanOrder.Column, 0, RleForm.CocoString)]
    public void The_convention_a_mask_was_written_in_ranks_first(ScanOrder order, int origin, RleForm form)
    {
        var convention = new RleConvention(order, origin, form);
        Assert.Equal(new RleGuess(convention, 1), RleSniffer.Rank(Rle.Encode(Label, convention), Label)[0]);
    }

    [Fact]
    public void Text_of_another_kind_fits_none() => Assert.Empty(RleSniffer.Rank("[[1, 2]]", Label));
}
