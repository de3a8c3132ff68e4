using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Testing;

namespace Osteon.Runner.Tests.Scoring;

/// <summary>Pixels of no class count for nothing in multiclass mode; the numbers are NumPy's and SciPy's, of arrays without them.</summary>
public sealed class UndecidedPixelsTests
{
    private const int Classes = 3;

    private static readonly ReportPlan Plan = new() { Metrics = ["dice", "iou", "specificity", "hd95"] };

    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.RepositoryRoot, "tests/Runner.Tests/Scoring/Golden/undecided.json"))).RootElement.GetProperty("cases");

    public static TheoryData<int> Cases { get; } = [.. Enumerable.Range(0, Golden.GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_score_leaves_them_out(int number)
    {
        var (prediction, truth, scores) = Case(number);
        var expected = scores.GetProperty("classes").EnumerateArray().ToArray();
        var score = ScoreTable.Score("a", prediction, truth, LabelMode.Multiclass);
        Assert.Equal(scores.GetProperty("accuracy").GetDouble(), score.Accuracy!.Value, 1e-12);
        var metrics = MetricTable.Of(["rest", "bone", "joint"], [("a", prediction, truth)], Plan, LabelMode.Multiclass).Metrics;
        var errors = ErrorTable.Of(["rest", "bone", "joint"], [("a", prediction, truth)], LabelMode.Multiclass);
        for (var k = 0; k < Classes; k++)
        {
            Assert.Equal(expected[k].GetProperty("dice").GetDouble(), score.Dice[k], 1e-12);
            Assert.Equal(expected[k].GetProperty("iou").GetDouble(), score.Iou[k], 1e-12);
            Assert.All(Plan.Metrics, name => Assert.Equal(expected[k].GetProperty(name).GetDouble(), metrics[name].ByClass[k], 1e-9));
            Assert.Equal(expected[k].GetProperty("wrong").GetInt64(), errors.ByClass[k].Counts.Total);
        }
    }

    [Fact]
    public void Where_every_pixel_has_a_class_and_where_classes_may_overlap_nothing_is_left_out()
    {
        var (prediction, truth, _) = Case(0);
        Assert.Same(JudgedPixels.All, LabelMode.Multiclass.Judged(truth));
        Assert.Same(prediction, LabelMode.Multiclass.Judged(truth).Of(prediction));
        (prediction, truth, _) = Case(2);
        Assert.Same(JudgedPixels.All, LabelMode.Multilabel.Judged(truth));
        Assert.Equal(truth.Zip(prediction, (t, p) => MaskMetrics.Dice(p, t)), ScoreTable.Score("a", prediction, truth, LabelMode.Multilabel).Dice);
    }

    [Fact]
    public void A_case_that_nobody_decided_says_nothing_of_accuracy()
    {
        var (prediction, _, _) = Case(0);
        var score = ScoreTable.Score("a", prediction, [.. prediction.Select(p => Mask.Empty(p.Frame))], LabelMode.Multiclass);
        Assert.Equal(double.NaN, score.Accuracy);
        Assert.Null(new ScoreTable(["rest", "bone", "joint"], [score]).Accuracy);
        Assert.Equal(0.5, new ScoreTable(["rest", "bone", "joint"], [score, score with { Accuracy = 0.5 }]).Accuracy);
    }

    private static (IReadOnlyList<Mask> Prediction, IReadOnlyList<Mask> Truth, JsonElement Scores) Case(int number)
    {
        var found = Golden[number];
        return (Masks(found.GetProperty("prediction")), Masks(found.GetProperty("truth")), found.GetProperty("scores"));
    }

    private static IReadOnlyList<Mask> Masks(JsonElement rows)
    {
        int[][] values = [.. rows.EnumerateArray().Select(row => row.EnumerateArray().Select(v => v.GetInt32()).ToArray())];
        var frame = new Frame(values.Length, values[0].Length);
        return [.. Enumerable.Range(0, Classes).Select(k => Mask.FromDense([.. values.SelectMany(row => row).Select(v => (byte)(v == k ? 1 : 0))], frame))];
    }
}
