using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Runner.Tests.Ensembles;

public sealed class EnsembleTests : IDisposable
{
    private static readonly Frame Frame = new(2, 6);

    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-ensemble-").FullName;

    [Fact]
    public void A_greedy_selection_takes_again_what_helps_and_leaves_out_what_does_not()
    {
        // The best share of a is two thirds; c only does harm.
        var (counts, steps) = GreedySelection.Of(["a", "b", "c"], w => 1 - Math.Abs((w[0] / w.Sum()) - (2.0 / 3)) - w[2], 10);
        Assert.Equal([2, 1, 0], counts);
        Assert.Equal(["a", "b", "a"], steps.Select(s => s.Model));
        Assert.Equal(1, steps[^1].Dice, precision: 12);
    }

    [Fact]
    public void A_greedy_selection_of_one_good_model_is_that_model()
    {
        var (counts, steps) = GreedySelection.Of(["a", "b"], w => w[1] / w.Sum(), 10);
        Assert.Equal([0, 1], counts);
        Assert.Equal("b", Assert.Single(steps).Model);
    }

    [Fact]
    public void A_hard_vote_of_equal_members_is_the_member()
    {
        Mask[] member = [new(Frame, [new Run(1, 3)]), new(Frame, [new Run(5, 2)])];
        foreach (var mode in new[] { LabelMode.Multilabel, LabelMode.Multiclass })
        {
            Assert.Equal(member, new HardCaseVote([member, member, member], mode, 0, TiedPixels.Unset).With([1, 1, 1]));
        }
    }

    [Fact]
    public void A_member_of_weight_0_has_no_vote()
    {
        Mask[] a = [new(Frame, [new Run(1, 3)])], b = [new(Frame, [new Run(5, 2)])];
        var vote = new HardCaseVote([a, b], LabelMode.Multilabel, 2, TiedPixels.Unset);
        Assert.True(vote.With([1, 1])[0].IsEmpty);
        Assert.Equal(a, vote.With([1, 0]));                          // of one member, two votes are all there are
        Assert.Equal(b, vote.With([0, 3]));
    }

    [Theory]
    [InlineData(Voting.Hard, 0, TiedPixels.Unset, "Hard vote of 2 members: more than half of 2 votes, a tie is not set")]
    [InlineData(Voting.Hard, 0, TiedPixels.Set, "Hard vote of 2 members: half of 2 votes, a tie is set")]
    [InlineData(Voting.Hard, 2, TiedPixels.Unset, "Hard vote of 2 members: 2 of 2 votes")]
    [InlineData(Voting.Soft, 0, TiedPixels.Unset, "Soft vote of 2 members: the mean probability, from the mean of their thresholds on")]
    public void Names_the_rule_and_what_a_tie_comes_to(Voting vote, int minVotes, TiedPixels ties, string rule) =>
        Assert.Equal(rule, EnsembleRule.Of(new Plan { Ensemble = new EnsemblePlan { Vote = vote, MinVotes = minVotes, Ties = ties } }, [1, 1, 0]));

    [Fact]
    public void Files_vote_without_an_experiment()
    {
        string[] files = [Write("a", "1 4"), Write("b", "3 4"), Write("c", "4 4")];
        var vote = new FileVote { Files = files, Output = Path.Combine(_folder, "voted.csv") };
        vote.Check();
        Assert.Equal("3 files, 1 rows: a pixel is set from 2 of 3 votes on", Assert.Single(vote.Run(CancellationToken.None)));
        Assert.Equal("image_name,class,rle\nx.png,Radius,3 4\n", File.ReadAllText(vote.Output));
        (vote with { Weights = [3, 1, 1] }).Run(CancellationToken.None);
        Assert.Equal("image_name,class,rle\nx.png,Radius,1 4\n", File.ReadAllText(vote.Output));
    }

    [Fact]
    public void Tells_all_that_is_wrong_with_a_vote_of_files()
    {
        var file = Write("a", "1 4");
        var vote = new FileVote { Files = [file, file, Path.Combine(_folder, "none.csv")], Output = file, MinVotes = 9, Weights = [1, 2] };
        var faults = Assert.Throws<ConfigurationException>(vote.Check).Faults;
        Assert.Equal(5, faults.Count);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, string rle)
    {
        var path = Path.Combine(_folder, $"{name}.csv");
        File.WriteAllText(path, $"image_name,class,rle\nx.png,Radius,{rle}\n");
        return path;
    }
}
