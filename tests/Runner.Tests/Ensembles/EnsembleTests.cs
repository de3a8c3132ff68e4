using Osteon.Abstractions;
using Osteon.Inference;
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
        var (counts, steps) = GreedySelection.Of(["a", "b", "c"], bags => [.. bags.Select(w => 1 - Math.Abs((w[0] / w.Sum()) - (2.0 / 3)) - w[2])], 10);
        Assert.Equal([2, 1, 0], counts);
        Assert.Equal(["a", "b", "a"], steps.Select(s => s.Model));
        Assert.Equal(1, steps[^1].Dice, precision: 12);
    }

    [Fact]
    public void A_greedy_selection_of_one_good_model_is_that_model()
    {
        var (counts, steps) = GreedySelection.Of(["a", "b"], bags => [.. bags.Select(w => w[1] / w.Sum())], 10);
        Assert.Equal([0, 1], counts);
        Assert.Equal("b", Assert.Single(steps).Model);
    }

    [Fact]
    public void A_greedy_selection_asks_once_a_step_for_what_is_new_in_it()
    {
        var asked = new List<IReadOnlyList<double>>();
        var passes = 0;
        GreedySelection.Of(["a", "b"], bags =>
        {
            passes++;
            asked.AddRange(bags);
            return [.. bags.Select(w => w[0] / w.Sum())];
        }, 10);

        // a; then b beside it, more and more a to one b. Each ratio is one that nobody asked for before.
        Assert.Equal(10, passes);
        Assert.Equal(asked.Count, asked.Select(w => w[0] / w.Sum()).Distinct().Count());
        Assert.Equal(11, asked.Count);
    }

    // Two members' levels of 0 to 255 by hand, at the masks' own size: 0.75 of the first and 0.25 of the second, from 0.75 × 0.4 + 0.25 × 0.8 = 0.5 on.
    [Fact]
    public void A_soft_vote_is_the_weighted_mean_from_the_weighted_mean_of_thresholds_on()
    {
        byte[] a = [0, 40, 100, 128, 150, 170, 200, 255, 0, 128, 0, 255], b = [255, 255, 255, 128, 50, 30, 0, 0, 0, 127, 255, 255];
        var vote = new SoftCaseVote([Planes(a), Planes(b)], [[0.4], [0.8]], Frame, LabelMode.Multilabel);
        int[] expected = [.. Enumerable.Range(0, a.Length).Where(i => (3 * a[i]) + b[i] > 2 * 255)];
        Assert.Equal([2, 3, 5, 6, 7, 9, 11], expected);
        Assert.Equal(expected, Pixels(vote.With([3, 1])[0]));
        Assert.Equal(Enumerable.Range(0, a.Length).Where(i => a[i] > 0.4 * 255), Pixels(vote.With([2, 0])[0]));
    }

    [Theory]
    [InlineData(LabelMode.Multilabel)]
    [InlineData(LabelMode.Multiclass)]
    public void Bags_that_are_asked_for_together_come_out_as_each_by_itself(LabelMode mode)
    {
        var random = new RandomStream(7);
        byte[] Levels() => [.. Enumerable.Range(0, 300).Select(i => i % 100 < 20 ? (byte)0 : (byte)random.NextInt(256))];
        ProbabilityPlanes[] members = [.. Enumerable.Range(0, 3).Select(_ => Planes([Levels(), Levels()], new Frame(15, 20)))];
        double[][] bags = [[1, 1, 1], [0, 2, 1], [1, 0, 0]];
        foreach (var vote in new CaseVote[]
        {
            new SoftCaseVote(members, [[0.4, 0.5], [0.5, 0.5], [0.6, 0.3]], new Frame(31, 33), mode),
            new HardCaseVote([.. members.Select(m => new SoftCaseVote([m], [[0.5, 0.5]], new Frame(31, 33), mode).With([1]))], mode, 0, TiedPixels.Unset),
        })
        {
            var together = vote.With(bags);
            Assert.Equal(bags.Select(bag => vote.With(bag)), together);
            Assert.NotEqual(together[0], together[1]);
        }
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
    public void One_member_is_no_vote() =>
        Assert.Equal("Hard vote of 1 member: its masks are the ensemble's", EnsembleRule.Of(new Plan { Ensemble = new EnsemblePlan { MinVotes = 2 } }, [0, 2, 0]));

    [Theory]
    [InlineData(1, "Dice 0.5000 on the one test patient: no interval can be told (3 classes).", "Against the best member -0.1000.")]
    [InlineData(2, "Dice 0.5000, and from 0.4000 to 0.6000 in 95 of 100 resamples of the 2 test patients (3 classes).", "Against the best member -0.1000, from -0.2000 to -0.0500.")]
    public void One_patient_gives_no_interval(int patients, string dice, string difference) => Assert.Equal(["Rule.", dice, difference], new EnsembleAnalysis
    {
        Rule = "Rule",
        Dice = new Estimate(0.5, 0.4, 0.6),
        Difference = new Estimate(-0.1, -0.2, -0.05),
        Patients = patients,
    }.Sentences(3));

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

    private static ProbabilityPlanes Planes(byte[] levels) => Planes([levels], Frame);

    private static ProbabilityPlanes Planes(byte[][] levels, Frame frame) => new(PackedPlanes.Of(frame, levels.Length, k => levels[k]));

    private static IEnumerable<int> Pixels(Mask mask) => mask.Runs.ToArray().SelectMany(run => Enumerable.Range(run.Start, run.Length));

    private string Write(string name, string rle)
    {
        var path = Path.Combine(_folder, $"{name}.csv");
        File.WriteAllText(path, $"image_name,class,rle\nx.png,Radius,{rle}\n");
        return path;
    }
}
