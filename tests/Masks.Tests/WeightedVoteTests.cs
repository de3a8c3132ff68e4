using FsCheck;
using FsCheck.Fluent;

namespace Osteon.Masks.Tests;

public sealed class WeightedVoteTests
{
    [Fact]
    public void Equal_weights_are_the_plain_vote() => Prop.ForAll(MaskGenerator.Several(5), masks =>
        Enumerable.Range(0, 6).All(votes => HardVote.Vote(masks, VoteWeights.Of([1, 1, 1, 1, 1], votes, tiesSet: false)).Equals(HardVote.Vote(masks, votes)))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_whole_weight_is_so_many_members() => Prop.ForAll(MaskGenerator.Ensemble(3), masks =>
        HardVote.Vote(masks, VoteWeights.Of([3, 1, 2], 0, tiesSet: false)).Equals(HardVote.Vote([masks[0], masks[0], masks[0], masks[1], masks[2], masks[2]], 4))).QuickCheckThrowOnFailure();

    [Fact]
    public void Is_the_sum_of_dense_masks() => Prop.ForAll(MaskGenerator.Several(4), masks =>
    {
        double[] weights = [0.5, 0.25, 1.5, 0];
        var dense = masks.Select(m => m.ToDense()).ToArray();
        var voted = HardVote.Vote(masks, VoteWeights.Of(weights, 0, tiesSet: true)).ToDense();
        return Enumerable.Range(0, voted.Length).All(i => voted[i] == 1 == dense.Zip(weights, (d, w) => d[i] * w).Sum() >= 2.25 / 2);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 4)]
    public void A_tie_is_what_the_rule_says(bool set, int area)
    {
        var frame = new Frame(2, 4);
        Mask[] masks = [new(frame, [new Run(0, 4)]), Mask.Empty(frame)];
        Assert.Equal(area, HardVote.Vote(masks, VoteWeights.Of([1, 1], 0, set)).Area);
    }

    [Fact]
    public void Files_are_voted_as_masks_are()
    {
        using var folder = new TemporaryFolder();
        var frame = new Frame(4, 8);
        Mask[] masks = [new(frame, [new Run(0, 6)]), new(frame, [new Run(4, 6)]), new(frame, [new Run(5, 20)])];
        var files = masks.Select((mask, m) =>
        {
            var path = folder.At($"{m}.csv");
            using var stream = File.Create(path);
            using var writer = new SubmissionWriter(stream);
            writer.Write("a.png", "Radius", mask);
            writer.Write("a.png", "Ulna", Mask.Empty(frame));
            return path;
        }).ToArray();
        var weights = VoteWeights.Of([2, 1, 1], 0, tiesSet: false);
        var result = folder.At("voted.csv");
        using (var stream = File.Create(result))
        {
            HardVote.Run(files, stream, new HardVoteOptions { Weights = weights }, TestContext.Current.CancellationToken);
        }

        using var index = new SubmissionIndex(result);
        var voted = index.Masks("a.png", ["Ulna", "Radius"], frame);
        Assert.True(voted[0].IsEmpty);
        Assert.Equal(HardVote.Vote(masks, weights), voted[1]);
        Assert.Equal([new Run(4, 2)], voted[1].Runs.ToArray());     // 2 + 1 of the first two, of 4
        Assert.All(index.Masks("absent.png", ["Radius"], frame), m => Assert.True(m.IsEmpty));
        Assert.Contains("there is no such class", Assert.Throws<MaskFormatException>(() => index.Masks("a.png", ["Radius"], frame)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plurality_counts_weights()
    {
        var line = new Frame(1, 3);
        Mask[] Of(string digits) => [.. "012".Select(k => Mask.FromDense([.. digits.Select(d => (byte)(d == k ? 1 : 0))], line))];
        Assert.Equal(Of("010"), PluralityVote.Vote([Of("010"), Of("122"), Of("120")], [2.5, 1, 1]));
        Assert.Equal(Of("120"), PluralityVote.Vote([Of("010"), Of("122"), Of("120")], [1.5, 1, 1]));
    }
}
