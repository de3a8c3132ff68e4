using System.Text.RegularExpressions;
using System.Xml.Linq;
using Osteon.Abstractions;

namespace Osteon.Reporting.Tests;

public sealed class ReportWriterTests
{
    private const string Hostile = "<script>alert('x')</script>\"&";
    private const string Encoded = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&quot;&amp;";

    [Theory]
    [InlineData("Bones of the hand")]
    [InlineData("63 test cases")]
    [InlineData("hamate")]
    [InlineData("0.9541")]
    [InlineData("0.9382")]
    [InlineData("+0.0041")]
    [InlineData("ID047/left.png")]
    [InlineData("unreadable-image")]
    [InlineData("0123abcd")]
    [InlineData("runs/final/submission.csv")]
    [InlineData("epochs: 3")]
    [InlineData("ulna 0.4321")]
    [InlineData("hd95")]
    [InlineData("0.8125 at 3")]
    [InlineData("of 3; epoch 2 was kept, by loss")]
    [InlineData("hamate: Dice from 0.2500 to 0.8125")]
    [InlineData("sesamoid: no Dice")]
    [InlineData("3.2500")]
    [InlineData("∞")]
    [InlineData("Distances are in pixels.")]
    [InlineData("Wrong: 6 px: 0.0 % wrong label, 66.7 % under-segmentation, 33.3 % over-segmentation; 33.3 % within 2 px of a border")]
    [InlineData("data:image/png;base64,AQID")]
    public void Shows(string value) => 
        Assert.Contains(value, System.Net.WebUtility.HtmlDecode(ReportWriter.Render(SampleModels.Full())), StringComparison.Ordinal);

    [Fact]
    public void Every_text_is_encoded()
    {
        var score = new MemberScore(Hostile, Hostile, 1, 0.5, 0.4, [0.5]);
        var html = ReportWriter.Render(new ReportModel
        {
            Title = Hostile,
            Experiment = Hostile,
            ScoredOn = Hostile,
            EmptyMaskRule = Hostile,
            Classes = [Hostile],
            Members = [score],
            Ensemble = score with { Fold = null },
            Metrics = [new MetricColumn(Hostile, 1, [1])],
            MetricsNote = Hostile,
            Errors = [SampleModels.Errors(Hostile, 1, 2)],
            Curves = [new MemberCurves(Hostile, [new(0, 1, 1, 0.5)]) { Classes = [new ClassCurve(Hostile, [(0, 0.5)])] }],
            Overlays = [new CaseOverlay(Hostile, 0.1, [new ClassScore(Hostile, 0.1)], [])],
            Findings = [new Finding(Severity.Red, Hostile, Hostile, Hostile)],
            Facts = [new FactGroup(Hostile, [new Fact(Hostile, Hostile)])],
            Files = [new Fact(Hostile, Hostile)],
            Plan = Hostile,
        });

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("alert('", html, StringComparison.Ordinal);
        Assert.True(Regex.Count(html, Regex.Escape(Encoded)) >= 25);
    }

    [Fact]
    public void Nothing_is_asked_of_the_network()
    {
        var html = ReportWriter.Render(SampleModels.Full());

        Assert.DoesNotMatch("https?:|(?:src|href)=\"//|url\\(|@import|<script|<link rel=\"stylesheet", html);
        Assert.All(Regex.Matches(html, "(?:src|href)=\"([^\"]*)\"").Select(m => m.Groups[1].Value), address => Assert.Matches("^(#|data:)", address));
    }

    [Fact]
    public void The_body_is_well_formed()
    {
        var html = ReportWriter.Render(SampleModels.Full());
        var main = html[html.IndexOf("<main>", StringComparison.Ordinal)..(html.IndexOf("</main>", StringComparison.Ordinal) + "</main>".Length)];

        var ids = XElement.Parse(Regex.Replace(main, "<(img|br)([^>]*)>", "<$1$2/>")).Descendants().Attributes("id").Select(a => a.Value).ToArray();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(Regex.Matches(html, "href=\"#([^\"]*)\"").Select(m => m.Groups[1].Value), target => Assert.Contains(target, ids));
    }

    [Fact]
    public void The_same_model_gives_the_same_bytes()
    {
        var folder = Directory.CreateTempSubdirectory("osteon-report-").FullName;
        try
        {
            ReportWriter.Write(SampleModels.Full(), Path.Combine(folder, "a.html"));
            ReportWriter.Write(SampleModels.Full(), Path.Combine(folder, "b.html"));

            Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "a.html")), File.ReadAllBytes(Path.Combine(folder, "b.html")));
            Assert.Equal(2, Directory.GetFileSystemEntries(folder).Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(0.9541, "The ensemble is 0.0041 above its best member unet-r34/fold 1.", false)]
    [InlineData(0.9459, "The ensemble is 0.0041 below its best member unet-r34/fold 1; that member alone does better on this data.", true)]
    [InlineData(0.95004, "The ensemble equals its best member unet-r34/fold 1 to four decimals.", false)]
    public void The_best_member_stands_beside_the_ensemble(double ensemble, string sentence, bool warns)
    {
        var html = ReportWriter.Render(SampleModels.Full(ensemble));

        Assert.Contains(sentence, html, StringComparison.Ordinal);
        Assert.Equal(warns, html.Contains("<p class=\"warning\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_an_ensemble_the_best_member_is_named()
    {
        var html = ReportWriter.Render(SampleModels.Full() with { Ensemble = null });

        Assert.Contains("The best member is unet-r34/fold 1.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Ensemble", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_without_a_number_is_never_the_best()
    {
        var model = SampleModels.Full();
        model = model with { Members = [SampleModels.Score("broken", 0, double.NaN, double.NaN, double.NaN, double.NaN), .. model.Members] };

        Assert.Equal("unet-r34/fold 1", EnsembleVerdict.Of(model)!.Best.Name);
    }

    [Fact]
    public void A_class_without_a_value_is_a_dash_and_the_rule_is_told()
    {
        var html = ReportWriter.Render(SampleModels.Full() with { EmptyMaskRule = "Both empty counts as 1." });

        Assert.Equal(3, Regex.Count(html, "<span aria-label=\"no value\">–</span>"));
        Assert.Contains("Both empty counts as 1.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Sections_without_content_are_left_out()
    {
        var html = ReportWriter.Render(new ReportModel { Title = "t", Experiment = "e" });

        Assert.DoesNotContain("<section", html, StringComparison.Ordinal);
        Assert.Contains("No member has been scored.", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_that_do_not_fit_the_classes_are_refused() =>
        Assert.Throws<ArgumentException>(() => ReportWriter.Render(SampleModels.Full() with { Classes = ["one"] }));

    [Fact]
    public void Shares_of_a_class_s_errors_add_up()
    {
        // ulna: 4 to 7 missed, at 4, 3, 2 and 1 pixels, and 14 extra, 7 away. radius: 14 extra, 11 away. No pixel is both missed and extra.
        var html = ReportWriter.Render(SampleModels.Full());
        Assert.Equal(["0.0", "0.0", "0.0", "0.0", "80.0", "40.0", "40.0", "0.0", "20.0", "0.0", "0.0", "20.0"], Row("ulna"));
        Assert.Equal(["0.0", "0.0", "0.0", "0.0", "0.0", "0.0", "0.0", "0.0", "100.0", "0.0", "0.0", "100.0"], Row("radius"));
        Assert.Equal(["0.0", "0.0", "0.0", "0.0", "66.7", "33.3", "33.3", "0.0", "33.3", "0.0", "0.0", "33.3"], Row("All classes"));

        IEnumerable<string> Row(string name)
        {
            var section = html[html.IndexOf("id=\"errors\"", StringComparison.Ordinal)..];
            var row = section[section.IndexOf($">{name}</th>", StringComparison.Ordinal)..];
            return Regex.Matches(row[..row.IndexOf("</tr>", StringComparison.Ordinal)], "([0-9.]+) %").Select(m => m.Groups[1].Value);
        }
    }

    [Fact]
    public void The_gravest_finding_comes_first()
    {
        var html = ReportWriter.Render(SampleModels.Full());

        Assert.Contains("2 in all: 1 red, 1 amber.", html, StringComparison.Ordinal);
        Assert.True(html.IndexOf("unreadable-image", StringComparison.Ordinal) < html.IndexOf("frame-mismatch", StringComparison.Ordinal));
    }
}
