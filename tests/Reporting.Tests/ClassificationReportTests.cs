using System.Text.RegularExpressions;
using Osteon.Metrics;

namespace Osteon.Reporting.Tests;

public sealed class ClassificationReportTests
{
    // Scores 0.9, 0.4, 0.7 of the class and 0.3 of the rest: every pair in the right order; 0.4 is told wrong at 0.5.
    [Theory]
    [InlineData("3 of 4 cases are told right; calling every case “fractured” would tell 3.")]
    [InlineData("ROC AUC lies between 0.4321 and 0.9876 in 95 of 100 resamples of patients, so that a guess is not ruled out.")]
    [InlineData("Ensemble, ROC AUC</dt><dd>1.0000")]
    [InlineData("Balanced accuracy</dt><dd>0.8333")]
    [InlineData("those of “fractured”")]
    [InlineData("taken for intact</th>")]
    [InlineData(">2 <small>67 %</small>")]
    [InlineData("By resampling of 4 patients.")]
    [InlineData("ROC curve of fractured; ensemble, test cases: ROC AUC 1.0000, average precision 1.0000")]
    [InlineData("IMG0047 <span class=\"badge amber\">wrong</span>")]
    [InlineData("fractured, taken for intact")]
    [InlineData("fractured 40.0 %")]
    [InlineData("best validation ROC AUC 0.8125 at epoch 2 of 2")]
    [InlineData("Validation ROC AUC of each class")]
    [InlineData("1 (25 %)")]
    [InlineData("What it adds</th>")]
    [InlineData("−0.0125")]
    [InlineData("unreadable-image")]
    public void Shows(string text) => Assert.Contains(text, Render("intact", "fractured"), StringComparison.Ordinal);

    [Fact]
    public void Of_two_classes_the_second_has_curves_and_of_three_each()
    {
        Assert.Equal(2, Regex.Count(Render("intact", "fractured"), "class=\"chart rates\""));
        // The third is no case's class, and has none.
        Assert.Equal(4, Regex.Count(Render("intact", "fractured", "unsure"), "class=\"chart rates\""));
        Assert.Contains("means over classes", Render("intact", "fractured", "unsure"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_roc_curve_goes_through_its_points()
    {
        // Up along the left side to the top: nothing of the rest is taken before all of the class is found.
        Assert.Contains("<path class=\"line s1\" d=\"M44 346L44 46L344 46\"/>", Render("intact", "fractured"), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_nothing_of_segmentation() => Assert.DoesNotContain("Dice", Regex.Replace(Render("intact", "fractured"), "<style>.*?</style>", "", RegexOptions.Singleline), StringComparison.Ordinal);

    [Fact]
    public void Without_test_labels_the_headline_is_out_of_fold()
    {
        var model = SampleModels.Classified("intact", "fractured");
        var html = System.Net.WebUtility.HtmlDecode(ReportWriter.Render(model with { Classification = model.Classification! with { Ensemble = null, Members = [], Intervals = [] } }));
        Assert.Contains("Out of fold, ROC AUC", html, StringComparison.Ordinal);
        Assert.DoesNotContain("On the test cases.", html, StringComparison.Ordinal);
        Assert.Contains("No case with a label", ReportWriter.Render(model with { Classification = new ClassificationResults() }), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_encoded()
    {
        var html = ReportWriter.Render(SampleModels.Classified("<b>", "<script>alert(1)</script>"));
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_that_never_occurs_has_no_number()
    {
        var scores = ClassificationScores.Of([0, 0], [[0.9, 0.1], [0.8, 0.2]], 2);
        var html = ReportWriter.Render(SampleModels.Classified("intact", "fractured") with { Classification = new ClassificationResults { Ensemble = scores } });
        Assert.Contains("ROC AUC</dt><dd>–</dd>", System.Net.WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
    }

    private static string Render(params string[] classes) => System.Net.WebUtility.HtmlDecode(ReportWriter.Render(SampleModels.Classified(classes)));
}
