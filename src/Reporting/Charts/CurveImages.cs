namespace Osteon.Reporting;

/// <summary>The report's charts of a member as images of their own, for pages that show files.</summary>
public static class CurveImages
{
    /// <summary>Loss and validation Dice, or the scores in its place, over epochs.</summary>
    /// <returns>An SVG document each, by name.</returns>
    public static IReadOnlyList<(string Name, string Svg)> Of(MemberCurves member) =>
        [("loss", Document(CurvesSection.Loss(member))), (member.Scores.Count > 0 ? "scores" : "dice", Document(CurvesSection.Dice(member)))];

    private static string Document(LineChart chart)
    {
        var svg = new Html().Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {LineChart.Width} {LineChart.Height}\" width=\"{2 * LineChart.Width}\" height=\"{2 * LineChart.Height}\" font-family=\"sans-serif\">\n");
        svg.AddStyle(Page.Resource("report.css"));
        return svg.Add($"<rect width=\"100%\" height=\"100%\" style=\"fill: var(--card)\"/>\n{chart.Write()}\n</svg>\n").ToString();
    }
}
