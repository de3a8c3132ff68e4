using System.Text.Json.Nodes;
using Osteon.Testing;

namespace Osteon.Metrics.Tests;

/// <summary>Against scikit-learn 1.2.1.</summary>
public sealed class ReferenceTests
{
    private const double Tolerance = 1e-9;

    private static readonly JsonArray Golden =
        JsonNode.Parse(File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "tests/Metrics.Tests/Golden/classification.json")))!["cases"]!.AsArray();

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Golden.Count)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Counts_are_those_of_scikit_learn(int index)
    {
        var (golden, scores) = Read(index);
        var rows = golden["confusion"]!.AsArray();
        for (var t = 0; t < rows.Count; t++)
        {
            Assert.Equal(rows[t]!.AsArray().Select(v => (long)v!), Enumerable.Range(0, rows.Count).Select(p => scores.Confusion[t, p]));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_named_score_is_that_of_scikit_learn(int index)
    {
        var (golden, scores) = Read(index);
        var compared = ClassificationScores.Names.Where(golden.ContainsKey).ToArray();
        Assert.True(compared.Length >= 11, string.Join(' ', compared));
        Assert.All(compared, name => Equal(golden[name], scores[name]));
    }

    [Fact]
    public void Every_name_is_compared_somewhere() =>
        Assert.All(ClassificationScores.Names, name => Assert.Contains(Golden, golden => golden!.AsObject()[name] is not null));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_class_has_the_scores_of_scikit_learn(int index)
    {
        var (golden, scores) = Read(index);
        var counts = scores.Confusion;
        for (var k = 0; k < counts.Classes; k++)
        {
            Equal(golden["precision_classes"]![k], counts.Precision(k));
            Equal(golden["recall_classes"]![k], counts.Recall(k));
            Equal(golden["f1_classes"]![k], counts.F1(k));
            Equal(golden["specificity_classes"]![k], counts.Specificity(k));
            Equal(golden["roc_auc_classes"]![k], scores.RocAucs[k]);
            Equal(golden["average_precision_classes"]![k], scores.AveragePrecisions[k]);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_roc_curve_goes_through_all_points_of_scikit_learns(int index)
    {
        var (golden, scores) = Read(index);
        if (!golden.ContainsKey("roc"))
        {
            return;
        }

        var points = scores.Roc(scores.Confusion.Classes - 1).Points;
        var (x, y, at) = (Numbers(golden["roc"]![0]), Numbers(golden["roc"]![1]), Numbers(golden["roc"]![2]));
        Assert.Equal((0, 0, double.PositiveInfinity), (points[0].FalsePositiveRate, points[0].TruePositiveRate, points[0].Threshold));
        Assert.All(points.Skip(1), p => Assert.Contains(Enumerable.Range(1, x.Length - 1), i =>
            Near(x[i], p.FalsePositiveRate) && Near(y[i], p.TruePositiveRate) && Near(at[i - 1], p.Threshold)));
        for (var i = 0; i < x.Length; i++)
        {
            Assert.Contains(points.Zip(points.Skip(1)), piece => OnLine(piece.First, piece.Second, x[i], y[i]));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_precision_recall_curve_is_scikit_learns(int index)
    {
        var (golden, scores) = Read(index);
        if (!golden.ContainsKey("pr"))
        {
            return;
        }

        var points = scores.PrecisionRecall(scores.Confusion.Classes - 1).Points;
        Assert.Equal(Numbers(golden["pr"]![0]), points.Select(p => p.Recall), Near);
        Assert.Equal(Numbers(golden["pr"]![1]), points.Select(p => p.Precision), Near);
        Assert.Equal(Numbers(golden["pr"]![2]), points.Skip(1).Select(p => p.Threshold), Near);
    }

    private static (JsonObject Golden, ClassificationScores Scores) Read(int index)
    {
        var golden = Golden[index]!.AsObject();
        double[][] probabilities = [.. golden["probabilities"]!.AsArray().Select(Numbers)];
        return (golden, ClassificationScores.Of([.. golden["truth"]!.AsArray().Select(t => (int)t!)], probabilities, probabilities[0].Length));
    }

    private static double[] Numbers(JsonNode? node) => [.. node!.AsArray().Select(v => (double)v!)];

    private static void Equal(JsonNode? expected, double found) => Assert.Equal(expected is null ? double.NaN : (double)expected, found, Tolerance);

    private static bool Near(double a, double b) => Math.Abs(a - b) < Tolerance;

    private static bool OnLine(RocPoint a, RocPoint b, double x, double y) =>
        x >= a.FalsePositiveRate - Tolerance && x <= b.FalsePositiveRate + Tolerance && y >= a.TruePositiveRate - Tolerance && y <= b.TruePositiveRate + Tolerance
        && Math.Abs(((b.FalsePositiveRate - a.FalsePositiveRate) * (y - a.TruePositiveRate)) - ((b.TruePositiveRate - a.TruePositiveRate) * (x - a.FalsePositiveRate))) < Tolerance;
}
