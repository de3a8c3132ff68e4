using FsCheck;
using FsCheck.Fluent;

namespace Osteon.Metrics.Tests;

public sealed class RankingTests
{
    [Fact]
    public void The_area_counts_pairs_in_the_right_order_and_half_of_those_that_tie()
    {
        // Of the class: 0.9, 0.5, 0.2; of the rest: 0.5, 0.1. Pairs: 0.9 beats both, 0.5 ties and beats, 0.2 loses and beats: 2 + 1.5 + 1 of 6.
        var curve = RocCurve.Of([true, true, true, false, false], [0.9, 0.5, 0.2, 0.5, 0.1]);
        Assert.Equal(4.5 / 6, curve.Area);
        Assert.Equal((3, 2), (curve.Positives, curve.Negatives));
    }

    [Fact]
    public void The_area_is_the_share_of_pairs_in_the_right_order() => ForAll((cases, k) =>
    {
        var (are, scores) = (cases.Are(k), cases.Of(k));
        var wins = from i in Enumerable.Range(0, are.Length)
                   from j in Enumerable.Range(0, are.Length)
                   where are[i] && !are[j]
                   select scores[i] > scores[j] ? 1.0 : scores[i] == scores[j] ? 0.5 : 0.0;
        return Same(wins.DefaultIfEmpty(double.NaN).Average(), RocCurve.Of(are, scores).Area);
    });

    [Fact]
    public void The_area_is_that_under_the_points() => ForAll((cases, k) =>
    {
        var curve = RocCurve.Of(cases.Are(k), cases.Of(k));
        var under = curve.Points.Zip(curve.Points.Skip(1), (a, b) => (b.FalsePositiveRate - a.FalsePositiveRate) * (a.TruePositiveRate + b.TruePositiveRate) / 2).Sum();
        return double.IsNaN(curve.Area) ? curve.Points.Count == 0
            : Same(curve.Area, under) && curve.Points[0] is (0, 0, double.PositiveInfinity) && curve.Points[^1] is (1, 1, _);
    });

    [Fact]
    public void Only_the_order_of_scores_counts() => ForAll((cases, k) =>
    {
        double[] stretched = [.. cases.Of(k).Select(s => Math.Exp(3 * s) - 40)];
        return Equals(RocCurve.Of(cases.Are(k), cases.Of(k)).Area, RocCurve.Of(cases.Are(k), stretched).Area)
            && Equals(PrecisionRecallCurve.Of(cases.Are(k), cases.Of(k)).AveragePrecision, PrecisionRecallCurve.Of(cases.Are(k), stretched).AveragePrecision);
    });

    [Fact]
    public void The_order_of_cases_does_not() => ForAll((cases, k) =>
        Equals(RocCurve.Of(cases.Are(k), cases.Of(k)).Area, RocCurve.Of([.. cases.Are(k).Reverse()], [.. cases.Of(k).Reverse()]).Area)
        && PrecisionRecallCurve.Of(cases.Are(k), cases.Of(k)).Points.SequenceEqual(PrecisionRecallCurve.Of([.. cases.Are(k).Reverse()], [.. cases.Of(k).Reverse()]).Points));

    [Fact]
    public void The_rest_is_found_as_well_as_the_class() => ForAll((cases, k) =>
        Same(RocCurve.Of(cases.Are(k), cases.Of(k)).Area, RocCurve.Of([.. cases.Are(k).Select(p => !p)], [.. cases.Of(k).Select(s => -s)]).Area));

    [Fact]
    public void One_score_for_all_is_a_guess()
    {
        Assert.Equal(0.5, RocCurve.Of([true, false, false], [0.3, 0.3, 0.3]).Area);
        Assert.Equal(1.0 / 3, PrecisionRecallCurve.Of([true, false, false], [0.3, 0.3, 0.3]).AveragePrecision);
        Assert.Equal(1.0 / 3, PrecisionRecallCurve.Of([true, false, false], [0.3, 0.3, 0.3]).Prevalence);
    }

    [Fact]
    public void Average_precision_is_the_mean_precision_where_a_case_is_found()
    {
        // Found at ranks 1, 3 and 4: (1/1 + 2/3 + 3/4) / 3.
        Assert.Equal((1 + (2.0 / 3) + 0.75) / 3, PrecisionRecallCurve.Of([true, false, true, true], [4, 3, 2, 1]).AveragePrecision, 1e-15);
    }

    [Fact]
    public void Without_a_class_or_without_a_rest_there_is_nothing_to_rank()
    {
        Assert.Equal(double.NaN, RocCurve.Of([true, true], [0.1, 0.2]).Area);
        Assert.Equal(double.NaN, RocCurve.Of([false, false], [0.1, 0.2]).Area);
        Assert.Equal(double.NaN, RocCurve.Of([], []).Area);
        Assert.Equal(1, PrecisionRecallCurve.Of([true, true], [0.1, 0.2]).AveragePrecision);
        Assert.Equal(double.NaN, PrecisionRecallCurve.Of([false, false], [0.1, 0.2]).AveragePrecision);
        Assert.Empty(PrecisionRecallCurve.Of([], []).Points);
    }

    [Fact]
    public void What_is_not_a_number_cannot_be_ranked()
    {
        Assert.Contains("case 1", Assert.Throws<ArgumentException>(() => RocCurve.Of([true, false], [0.1, double.NaN])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PrecisionRecallCurve.Of([true, false], [0.1]));
    }

    private static bool Same(double a, double b) => (double.IsNaN(a) && double.IsNaN(b)) || Math.Abs(a - b) < 1e-12;

    private static void ForAll(Func<ClassifiedCases, int, bool> law) =>
        Prop.ForAll(ClassifiedCases.Any, cases => Enumerable.Range(0, cases.Classes).All(k => law(cases, k))).QuickCheckThrowOnFailure();
}
