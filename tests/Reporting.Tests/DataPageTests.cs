using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Reporting.Tests;

/// <summary>The contact sheet of Check and the page of Explore: whole, self-contained, and safe with names from outside.</summary>
public sealed class DataPageTests
{
    private const string Hostile = "</script><img src=x onerror=alert(1)>";

    [Fact]
    public void A_contact_sheet_draws_offenders_and_tells_reasons()
    {
        var red = new Finding(Severity.Red, "swapped-classes", "a.json", "Two fingers are swapped.") { Case = "a" };
        var accepted = new Finding(Severity.Amber, "empty-label", "b.json", "has no pixel.") { Case = "b" };
        var html = ContactSheet.Render(new SheetModel("exp", 3, 50,
        [
            new SheetRule("swapped-classes", "What.", "Why.", [new SheetFinding(red, null, [1, 2, 3])]),
            new SheetRule("empty-label", "What.", "Why.", [new SheetFinding(accepted, "on purpose", null)]),
        ], ["check.ignore[1] accepts no finding any more"]));
        Assert.Contains("1 red finding: nothing is trained on this data", html, StringComparison.Ordinal);
        Assert.Contains("data:image/jpeg;base64,AQID", html, StringComparison.Ordinal);
        Assert.Contains("Accepted: on purpose", html, StringComparison.Ordinal);
        Assert.Contains("check.ignore[1] accepts no finding any more", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        SelfContained(html);
    }

    [Fact]
    public void An_offender_is_drawn_in_the_colour_of_warning()
    {
        var frame = new Frame(64, 64);
        var block = new Mask(frame, [.. Enumerable.Range(16, 32).Select(y => new Run((y * 64) + 16, 32))]);
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, LabelPicture.Render(new Image(frame), [block, Mask.Empty(frame)], [0], 64));
            var (size, rgb) = Osteon.Imaging.ImageFile.ReadColor(path);
            Assert.Equal(frame, size);
            var centre = rgb.AsSpan(3 * ((32 * 64) + 32), 3).ToArray();
            Assert.True(centre[0] > 90 && centre[2] < 40, string.Join(' ', centre));
            Assert.True(rgb[0] < 20, "outside stays black");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_page_of_a_data_set_has_its_parts()
    {
        var html = ExplorePage.Render(Model());
        foreach (var id in new[] { "samples", "classes", "overlap", "places", "images", "patients", "findings" })
        {
            Assert.Contains($"<section id=\"{id}\"", html, StringComparison.Ordinal);
        }

        Assert.Contains("12.5 % of all pixels have two classes or more", html, StringComparison.Ordinal);
        Assert.Contains("[[[3,2],[]]]", html, StringComparison.Ordinal);
        SelfContained(html);
    }

    [Fact]
    public void Names_from_outside_stay_text()
    {
        var html = ExplorePage.Render(Model() with { Classes = [Hostile, "b"], Title = Hostile, Metadata = [Histogram.OfNames(Hostile, [(Hostile, Hostile)])] });
        Assert.DoesNotContain("onerror=alert(1)>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_fall_into_bins_of_round_width()
    {
        var histogram = Histogram.OfNumbers("age", [(19, "F"), (20, "M"), (39.9, "M"), (40, "F"), (71, "F")]);
        Assert.Equal(["15", "20", "25", "30", "35", "40", "45", "50", "55", "60", "65", "70"], histogram.Bins);
        Assert.Equal([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1], histogram.Series[0].Counts);
        Assert.Equal([0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], histogram.Series[1].Counts);
    }

    [Theory]
    [InlineData(0.25, 1.75)]                                          // numpy.quantile([1, 2, 3, 4], q)
    [InlineData(0.5, 2.5)]
    [InlineData(1, 4)]
    public void Quartiles_are_numpys(double part, double expected) => Assert.Equal(expected, BoxPlots.Quantile([1, 2, 3, 4], part), 12);

    private static ExploreModel Model() => new()
    {
        Title = "exp",
        Counts = [new Fact("Cases", "1")],
        Classes = ["a", "b"],
        Images = [Histogram.OfNames("Sizes", [("4×4", "")])],
        Metadata = [Histogram.OfNumbers("age", [(30, "F"), (50, "M")])],
        Shares = [[0.1, 0.2], []],
        Labelled = 2,
        Together = [[2, 1], [1, 1]],
        IoU = [[1, 0.25], [0.25, 1]],
        Overlapping = 0.125,
        Mean = new Image(new Frame(4, 4)),
        HeatSide = 2,
        Heat = [[0, 1, 2, 255], [0, 0, 0, 0]],
        Samples = [new ExploreSample("s", 4, 4, [1], [[3, 2], []])],
        Findings = [],
    };

    private static void SelfContained(string html)
    {
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"/", html, StringComparison.Ordinal);
    }
}
