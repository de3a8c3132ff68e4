using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Osteon.Reporting.Tests;

public sealed class SweepPageTests
{
    [Fact]
    public void A_line_a_point_through_every_axis_the_best_on_top_and_all_of_it_well_formed()
    {
        ParallelAxis[] axes = [new("lr <log>", [(0, "0.001"), (1, "0.1")]), new("loss", [(0, "BCE"), (1, "a very long list of losses")]), new("dice", [(0, "0"), (1, "1")])];
        ParallelLine[] lines = [new([0.5, 1, 1], 1, "best & first"), new([0, 0, 0.25], 0.5, "second"), new([1, 0, double.NaN], 0, "failed")];
        var path = Path.Combine(Directory.CreateTempSubdirectory("osteon-sweep-").FullName, "sweep.html");
        SweepPage.Write("Sweep", "Note", new ParallelCoordinates(axes, lines), ["lr", "dice"], [["0.1", "1"]], path);

        var html = File.ReadAllText(path);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        var main = XElement.Parse(html[html.IndexOf("<main>", StringComparison.Ordinal)..(html.IndexOf("</main>", StringComparison.Ordinal) + "</main>".Length)]);
        var paths = main.Descendants("path").ToArray();
        Assert.Equal(["failed", "second", "best & first"], paths.Select(p => p.Element("title")!.Value));
        Assert.Equal([1, 2, 2], paths.Select(p => Regex.Count(p.Attribute("d")!.Value, "C")));       // the failed one ends before the score
        Assert.Equal("best", paths[^1].Attribute("class")!.Value);
        Assert.Contains(main.Descendants("text"), t => t.Value == "lr <log>");
        Assert.Contains(main.Descendants("text"), t => t.Value == "a very long list of…a very long list of losses");
        Assert.DoesNotContain("http", html[html.IndexOf("<main>", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }
}
