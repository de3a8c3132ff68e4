using FsCheck;
using FsCheck.Fluent;

namespace Osteon.Masks.Tests;

public sealed class RleTests
{
    private static readonly Frame TwoByThree = new(2, 3);

    /// <summary>
    ///  . X X
    ///  X . X
    /// </summary>
    private static readonly Mask Example = Mask.FromDense([0, 1, 1, 1, 0, 1], TwoByThree);

    public static TheoryData<RleConvention> Conventions { get; } =
    [
        .. from order in Enum.GetValues<ScanOrder>()
           from form in Enum.GetValues<RleForm>()
           from origin in new[] { 0, 1 }
           select new RleConvention(order, origin, form),
    ];

    [Theory]
    [MemberData(nameof(Conventions), DisableDiscoveryEnumeration = true)]
    public void Decoding_what_was_encoded_gives_the_mask_back(RleConvention convention) =>
        Prop.ForAll(MaskGenerator.One, mask =>
        {
            var text = Rle.Encode(mask, convention);
            return Rle.Decode(text, convention, mask.Frame).Equals(mask)
                && Rle.Encode(Rle.Decode(text, convention, mask.Frame), convention) == text;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(ScanOrder.Row, 1, RleForm.StartLength, "2 3 6 1")]
    [InlineData(ScanOrder.Row, 0, RleForm.StartLength, "1 3 5 1")]
    [InlineData(ScanOrder.Column, 1, RleForm.StartLength, "2 2 5 2")]
    [InlineData(ScanOrder.Column, 0, RleForm.Counts, "1 2 1 2")]
    [InlineData(ScanOrder.Row, 0, RleForm.Counts, "1 3 1 1")]
    [InlineData(ScanOrder.Column, 0, RleForm.CocoString, "1210")]
    public void Writes_the_example_by_hand(ScanOrder order, int origin, RleForm form, string expected) =>
        Assert.Equal(expected, Rle.Encode(Example, new RleConvention(order, origin, form)));

    [Theory]
    [InlineData("", 0)]
    [InlineData("   ", 0)]
    [InlineData("1 6", 6)]
    [InlineData("  1   2  5 1 ", 3)]
    [InlineData("1 2 3 1", 3)]
    public void Reads_what_programs_write(string text, long area) =>
        Assert.Equal(area, Rle.Decode(text, RleConvention.HandBone, TwoByThree).Area);

    [Fact]
    public void Touching_runs_join() => Assert.Equal([new Run(0, 3)], Rle.Decode("1 2 3 1", RleConvention.HandBone, TwoByThree).Runs.ToArray());

    [Theory]
    [InlineData("1", "RLE, character 2: start 1 has no length; numbers come in pairs")]
    [InlineData("1 2 5", "RLE, character 6: start 5 has no length; numbers come in pairs")]
    [InlineData("1 0", "RLE, character 4: run 1 has length 0; a run has at least one pixel")]
    [InlineData("0 1", "RLE, character 4: run starts at 0; pixels are numbered from 1")]
    [InlineData("3 2 1 1", "RLE, character 8: run 1 starts before the run in front of it ends, at 4; runs ascend without overlap")]
    [InlineData("1 3 3 1", "RLE, character 8: run 3 starts before the run in front of it ends, at 3; runs ascend without overlap")]
    [InlineData("5 3", "RLE, character 4: run 5 of length 3 ends at 7, beyond the last pixel, 6")]
    [InlineData("1 2147483647", "RLE, character 13: run 1 of length 2147483647 ends at 2147483647, beyond the last pixel, 6")]
    [InlineData("1 2147483648", "RLE, character 3: the number is above 2147483647, the most pixels a frame may have")]
    [InlineData("1 99999999999999999999999999", "RLE, character 3: the number is above 2147483647, the most pixels a frame may have")]
    [InlineData("-1 2", "RLE, character 1: '-' is neither a digit nor a space")]
    [InlineData("1 2 x 4", "RLE, character 5: 'x' is neither a digit nor a space")]
    [InlineData("1,2,3,4,5,6", "RLE, character 2: ',' is neither a digit nor a space")]
    [InlineData("1 2\t5 1", "RLE, character 4: byte 0x09 is neither a digit nor a space")]
    [InlineData("1 2é", "RLE, character 4: U+00E9 is not ASCII")]
    public void Refuses_hostile_pairs_and_says_where(string text, string message) =>
        Assert.Equal(message, Assert.Throws<MaskFormatException>(() => Rle.Decode(text, RleConvention.HandBone, TwoByThree)).Message);

    [Theory]
    [InlineData("1 2 1", "RLE, character 6: the counts add up to 4; the frame 3×2 has 6 pixels")]
    [InlineData("1 7", "RLE, character 4: count 7 leaves the frame 3×2: 1 of 6 pixels were counted before it")]
    [InlineData("", "RLE, character 1: the counts add up to 0; the frame 3×2 has 6 pixels")]
    public void Refuses_counts_that_miss_the_frame(string text, string message) =>
        Assert.Equal(message, Assert.Throws<MaskFormatException>(() => Rle.Decode(text, RleConvention.CocoCounts, TwoByThree)).Message);

    [Theory]
    [InlineData("P", "the last count is cut off")]
    [InlineData("oooooooooooo", "more than 40 bits")]
    [InlineData("12!", "byte 0x21 is outside '0' to 'o'")]
    [InlineData("O", "negative")]
    public void Refuses_broken_coco_strings(string text, string what) =>
        Assert.Contains(what, Assert.Throws<MaskFormatException>(() => Rle.Decode(text, RleConvention.CocoString, TwoByThree)).Message, StringComparison.Ordinal);

    [Fact]
    public void Counts_of_zero_pixels_join_their_neighbours() =>
        Assert.Equal([new Run(0, 5)], Rle.FromCounts([0, 2, 0, 3, 1], TwoByThree, ScanOrder.Row).Runs.ToArray());

    [Fact]
    public void An_empty_mask_is_one_count() => Assert.Equal([6], Rle.ToCounts(Mask.Empty(TwoByThree)));

    [Fact]
    public void Minus_one_means_empty_only_where_the_convention_says_so()
    {
        var convention = RleConvention.Kaggle with { EmptyText = "-1" };
        Assert.True(Rle.Decode("-1", convention, TwoByThree).IsEmpty);
        Assert.Equal("-1", Rle.Encode(Mask.Empty(TwoByThree), convention));
        Assert.Throws<MaskFormatException>(() => Rle.Decode("-1", RleConvention.Kaggle, TwoByThree));
    }

    [Fact]
    public void Reads_and_writes_positions_of_every_length()
    {
        var frame = new Frame(46_340, 46_340);
        var runs = Enumerable.Range(1, 9).Select(e => new Run((int)Math.Pow(10, e) - 1, 1)).Append(new Run(2_000_000_000, 147_395_600));
        var mask = new Mask(frame, [.. runs]);
        var text = Rle.Encode(mask, RleConvention.HandBone);
        Assert.Equal("10 1 100 1 1000 1 10000 1 100000 1 1000000 1 10000000 1 100000000 1 1000000000 1 2000000001 147395600", text);
        Assert.Equal(mask, Rle.Decode(text, RleConvention.HandBone, frame));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(-1, -1)]
    [InlineData(65_536, 65_536)]
    public void A_frame_without_a_sensible_area_is_refused(int height, int width) =>
        Assert.Throws<MaskFormatException>(() => Rle.Decode("1 1", RleConvention.HandBone, new Frame(height, width)));

    [Fact]
    public void Random_bytes_are_refused_or_read_but_never_crash() =>
        Prop.ForAll(Gen.Elements("0123456789  -,xP\0\u007f".ToCharArray()).ArrayOf().ToArbitrary(), text =>
        {
            foreach (var convention in RleConvention.Named.Values)
            {
                try
                {
                    _ = Rle.Decode(text.AsSpan(), convention, new Frame(30, 40));
                }
                catch (MaskFormatException)
                {
                }
            }
        }).QuickCheckThrowOnFailure();
}
