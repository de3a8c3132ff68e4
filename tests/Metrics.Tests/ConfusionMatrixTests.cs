using FsCheck;
using FsCheck.Fluent;

namespace Osteon.Metrics.Tests;

public sealed class ConfusionMatrixTests
{
    [Fact]
    public void Every_case_is_counted_once() => ForAll(cases =>
    {
        var counts = cases.Scores.Confusion;
        var all = Enumerable.Range(0, cases.Classes);
        return counts.Total == cases.Truth.Length && all.Sum(counts.Support) == counts.Total && all.Sum(counts.Predicted) == counts.Total
            && all.All(t => all.All(p => counts[t, p] == cases.Truth.Zip(cases.Predicted).Count(c => c == (t, p))));
    });

    [Fact]
    public void Micro_averages_and_weighted_recall_are_the_accuracy() => ForAll(cases =>
    {
        var scores = cases.Scores;
        return new[] { "precision_micro", "recall_micro", "f1_micro", "recall_weighted" }.All(name => Near(scores["accuracy"], scores[name]));
    });

    [Fact]
    public void F1_is_the_harmonic_mean_of_precision_and_recall() => ForAll(cases =>
    {
        var counts = cases.Scores.Confusion;
        return Enumerable.Range(0, cases.Classes).All(k =>
        {
            var (p, r) = (counts.Precision(k), counts.Recall(k));
            return double.IsNaN(p) ? double.IsNaN(counts.F1(k)) : Near(p + r == 0 ? 0 : 2 * p * r / (p + r), counts.F1(k));
        });
    });

    [Fact]
    public void Of_two_classes_the_specificity_of_one_is_the_recall_of_the_other() => ForAll(cases =>
    {
        var counts = ConfusionMatrix.Of([.. cases.Truth.Select(t => t % 2)], [.. cases.Predicted.Select(p => p % 2)], 2);
        return counts.Support(0) == 0 ? double.IsNaN(counts.Specificity(1)) : Near(counts.Specificity(1), counts.Recall(0));
    });

    [Fact]
    public void Every_score_is_a_share() => ForAll(cases => ClassificationScores.Names.All(name => cases.Scores[name] is double.NaN or (>= 0 and <= 1)));

    [Fact]
    public void What_is_always_right_has_one_everywhere()
    {
        var scores = ClassificationScores.Of([0, 1, 2, 1], [[0.5, 0.3, 0.2], [0, 0.9, 0.1], [0.2, 0.2, 0.6], [0.1, 0.8, 0.1]], 3);
        Assert.All(ClassificationScores.Names, name => Assert.Equal(1, scores[name]));
    }

    [Fact]
    public void A_class_given_otherwise_counts_and_the_order_of_probabilities_stays()
    {
        double[][] probabilities = [[0.7, 0.3], [0.8, 0.2], [0.9, 0.1]];
        var scores = ClassificationScores.Of([1, 0, 0], probabilities, [1, 0, 0], 2);
        Assert.Equal((1, 1), (scores["accuracy"], scores["roc_auc"]));
        Assert.Equal(2.0 / 3, ClassificationScores.Of([1, 0, 0], probabilities, 2)["accuracy"]);
    }

    [Fact]
    public void The_first_of_equals_is_the_most_probable() => Assert.Equal(1, ClassificationScores.MostProbable([0.2, 0.4, 0.4]));

    [Fact]
    public void Without_a_case_nothing_is_measured() => Assert.All(ClassificationScores.Names, name => Assert.Equal(double.NaN, ClassificationScores.Of([], [], 2)[name]));

    [Fact]
    public void What_does_not_belong_together_is_refused()
    {
        Assert.Throws<ArgumentException>(() => ConfusionMatrix.Of([0, 1], [0], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConfusionMatrix.Of([2], [0], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConfusionMatrix.Of([0], [-1], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrix(0));
        Assert.Throws<ArgumentException>(() => ClassificationScores.Of([0], [[0.5, 0.5], [0.5, 0.5]], 2));
        Assert.Contains("Case 0 must have 2", Assert.Throws<ArgumentException>(() => ClassificationScores.Of([0], [[0.5, 0.3, 0.2]], 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ClassificationScores.Of([0], [[0.5, double.NaN]], 2));
    }

    private static bool Near(double a, double b) => (double.IsNaN(a) && double.IsNaN(b)) || Math.Abs(a - b) < 1e-12;

    private static void ForAll(Func<ClassifiedCases, bool> law) => Prop.ForAll(ClassifiedCases.Any, law).QuickCheckThrowOnFailure();
}
