using Osteon.Abstractions;

namespace Osteon.Runner.Tests;

public sealed class ClassVoteTests : IDisposable
{
    private static readonly string[] s_classes = ["intact, as it seems", "fractured"];

    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-classes-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Two are a little sure of the first class, one is very sure of the second: 0.6 + 0.55 + 0.1 against 0.4 + 0.45 + 0.9.
    [Fact]
    public void A_soft_vote_is_of_the_mean_and_a_hard_one_of_the_votes()
    {
        IReadOnlyList<ClassPrediction>[] members = [[P(0.6)], [P(0.55)], [P(0.1)]];
        var soft = Assert.Single(new ClassVote(Voting.Soft).Of(members, [1, 1, 1]));
        Assert.Equal(1, soft.Predicted);
        Assert.Equal(1.25 / 3, soft.Probabilities[0], 12);
        Assert.Null(soft.Fold);
        Assert.Equal(0, Assert.Single(new ClassVote(Voting.Hard).Of(members, [1, 1, 1])).Predicted);
        Assert.Equal(1, Assert.Single(new ClassVote(Voting.Hard).Of(members, [1, 1, 3])).Predicted);
    }

    [Fact]
    public void Between_equal_votes_the_mean_decides()
    {
        IReadOnlyList<ClassPrediction>[] members = [[P(0.6)], [P(0.1)]];
        Assert.Equal(1, Assert.Single(new ClassVote(Voting.Hard).Of(members, [1, 1])).Predicted);
        Assert.Equal(0, Assert.Single(new ClassVote(Voting.Hard).Of([[P(0.9)], [P(0.4)]], [1, 1])).Predicted);
    }

    [Fact]
    public void A_member_of_weight_0_says_nothing() =>
        Assert.Equal(0.6, Assert.Single(new ClassVote(Voting.Soft).Of([[P(0.6)], [P(0.1)]], [2, 0])).Probabilities[0], 12);

    [Fact]
    public void Members_tell_of_the_same_images() =>
        Assert.Throws<DataException>(() => new ClassVote(Voting.Soft).Of([[P(0.6)], [P(0.1) with { Id = "other" }]], [1, 1]));

    [Fact]
    public void What_was_written_is_read()
    {
        var path = Path.Combine(_folder, "p.csv");
        ClassPrediction[] written = [new("a,\"b\"", 2, 1, 0, [1.0 / 3, 2.0 / 3]), new("c", null, null, 1, [0, 1])];
        ClassPredictions.Write(path, s_classes, written);
        Assert.StartsWith("id,fold,label,predicted,\"p_intact, as it seems\",p_fractured\n", File.ReadAllText(path), StringComparison.Ordinal);
        var read = ClassPredictions.Read(path, s_classes);
        foreach (var (expected, found) in written.Zip(read))
        {
            Assert.Equal(expected with { Probabilities = [] }, found with { Probabilities = [] });
            Assert.Equal(expected.Probabilities, found.Probabilities);
        }

        Assert.Throws<DataException>(() => ClassPredictions.Read(path, ["x", "y"]));
        File.AppendAllText(path, "d,,,fractured,0.5\n");
        Assert.Throws<DataException>(() => ClassPredictions.Read(path, s_classes));
    }

    // Of two patients with a case of each class, scored 1 and 0.5: resamples are one of them twice, or both.
    [Fact]
    public void An_area_s_interval_is_over_patients()
    {
        ClassPrediction[] cases = [Q("a", 0, 0.9), Q("a", 1, 0.1), Q("b", 0, 0.5), Q("b", 1, 0.5)];
        var estimates = Bootstrap.Of(["a", "a", "b", "b"], ["roc_auc", "accuracy"], sample => ClassPredictions.ScoresOf(sample.Select(i => cases[i]), 2)!);
        Assert.Equal(new Estimate(0.875, 0.5, 1), estimates["roc_auc"]);
        Assert.Equal(new Estimate(0.75, 0.5, 1), estimates["accuracy"]);
    }

    private static ClassPrediction P(double first) => ClassPrediction.Of("a", 0, 0, [first, 1 - first]);

    private static ClassPrediction Q(string id, int label, double first) => ClassPrediction.Of(id, null, label, [first, 1 - first]);
}
