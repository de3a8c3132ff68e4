using System.Globalization;
using System.Text;

namespace Osteon.Reporting;

/// <summary>One line through the unit square.</summary>
/// <param name="Name">In the legend and the hover text.</param>
/// <param name="Style">s1, s2 or s3.</param>
/// <param name="Points">In drawing order, in [0, 1], with the threshold they stand for.</param>
internal sealed record RateLine(string Name, string Style, IReadOnlyList<(double X, double Y, double Threshold)> Points);

/// <summary>Two rates against each other over all thresholds, each from 0 to 1, as an inline SVG.</summary>
/// <param name="title">For those who cannot see it.</param>
/// <param name="across">What the level axis counts.</param>
/// <param name="upwards">What the upright axis counts.</param>
/// <param name="lines">The lines.</param>
/// <param name="guess">Where guessing lies: the ends of a dotted line.</param>
internal sealed class RateChart(string title, string across, string upwards, IReadOnlyList<RateLine> lines, (double X, double Y, double ToX, double ToY) guess)
{
    private const double Left = 44, Top = 46, Side = 300, Bottom = 40, Right = 16;

    // To hover over; more would only make the file large.
    private const int MostHovered = 120;

    public Html Write()
    {
        var (width, height) = (Left + Side + Right, Top + Side + Bottom);
        var svg = new Html().Add($"<svg class=\"chart rates\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{title}\">\n");
        for (var i = 0; i <= 5; i++)
        {
            var (value, label) = (i / 5.0, (i / 5.0).ToString("0.0", CultureInfo.InvariantCulture));
            svg.Add($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Left + Side}\" y1=\"{Y(value)}\" y2=\"{Y(value)}\"/><text class=\"tick\" x=\"{Left - 7}\" y=\"{Y(value) + 3.5}\" text-anchor=\"end\">{label}</text>");
            svg.Add($"<line class=\"grid\" x1=\"{X(value)}\" x2=\"{X(value)}\" y1=\"{Y(0)}\" y2=\"{Y(1)}\"/><text class=\"tick\" x=\"{X(value)}\" y=\"{Y(0) + 15}\" text-anchor=\"middle\">{label}</text>\n");
        }

        svg.Add($"<text class=\"unit\" x=\"{Left + (Side / 2)}\" y=\"{height - 6}\" text-anchor=\"middle\">{across}</text><text class=\"unit\" x=\"{Left - 30}\" y=\"{Top - 10}\">{upwards}</text>\n");
        svg.Add($"<line class=\"guess\" x1=\"{X(guess.X)}\" y1=\"{Y(guess.Y)}\" x2=\"{X(guess.ToX)}\" y2=\"{Y(guess.ToY)}\"><title>guessing</title></line>\n");
        var key = Left;
        foreach (var line in lines)
        {
            svg.Add($"<line class=\"line {line.Style}\" x1=\"{key}\" x2=\"{key + 22}\" y1=\"10\" y2=\"10\"/><text class=\"key\" x=\"{key + 28}\" y=\"14\">{line.Name}</text>\n<path class=\"line {line.Style}\" d=\"{Path(line)}\"/>\n");
            key += 28 + (line.Name.Length * 6.4) + 18;
        }

        foreach (var line in lines)
        {
            foreach (var (x, y, threshold) in Hovered(line.Points))
            {
                svg.Add($"<circle class=\"hit\" cx=\"{X(x)}\" cy=\"{Y(y)}\" r=\"5\"><title>{line.Name}: {upwards} {Numbers.Score(y)} at {across} {Numbers.Score(x)}, from probability {Numbers.Score(threshold)} on</title></circle>\n");
            }
        }

        return svg.Add($"</svg>");
    }

    private static double X(double value) => Left + (Side * value);

    private static double Y(double value) => Top + (Side * (1 - value));

    private static string Path(RateLine line)
    {
        var path = new StringBuilder();
        foreach (var (x, y, _) in line.Points)
        {
            path.Append(path.Length > 0 ? 'L' : 'M').Append(Numbers.Length(X(x))).Append(' ').Append(Numbers.Length(Y(y)));
        }

        return path.ToString();
    }

    private static IEnumerable<(double X, double Y, double Threshold)> Hovered(IReadOnlyList<(double X, double Y, double Threshold)> points)
    {
        var step = Math.Max(1, (points.Count + MostHovered - 1) / MostHovered);
        return points.Where((p, i) => i % step == 0 && double.IsFinite(p.Threshold));
    }
}
