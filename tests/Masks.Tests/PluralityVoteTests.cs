namespace Osteon.Masks.Tests;

public sealed class PluralityVoteTests
{
    private static readonly Frame Line = new(1, 4);

    // One digit a pixel: its class; '-' is none.
    private static Mask[] Classes(string digits) => [.. "012".Select(k => Mask.FromDense([.. digits.Select(d => (byte)(d == k ? 1 : 0))], Line))];

    [Fact]
    public void Gives_each_pixel_the_class_most_members_name() =>
        Assert.Equal(Classes("0121"), PluralityVote.Vote([Classes("0121"), Classes("0122"), Classes("2101")]));

    [Fact]
    public void Gives_a_tie_to_the_first_class() =>
        Assert.Equal(Classes("0110"), PluralityVote.Vote([Classes("0122"), Classes("1210")]));

    [Fact]
    public void Leaves_a_pixel_without_votes_without_a_class() =>
        Assert.Equal(Classes("0-1-"), PluralityVote.Vote([Classes("0-1-")]));

    [Fact]
    public void Refuses_members_of_different_frames() =>
        Assert.Throws<ArgumentException>(() => PluralityVote.Vote([Classes("0121"), [Mask.Empty(new Frame(2, 2)), Mask.Empty(Line), Mask.Empty(Line)]]));
}
