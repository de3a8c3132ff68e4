using System.Globalization;
using System.Text;

namespace Osteon.Reporting;

/// <summary>A class's validation score over epochs, from 0 to 1, small enough to stand beside all other classes'.</summary>
internal static class SmallCurve
{
    private const double Width = 168, Height = 64, Left = 4, Right = 4, Top = 6, Bottom = 6;

    /// <summary>The chart with its name and best value; values that are not finite are gaps.</summary>
    /// <param name="curve">The class.</param>
    /// <param name="last">Where the level axis ends.</param>
    /// <param name="what">The score's name.</param>
    public static Html Write(ClassCurve curve, int last, string what)
    {
        var points = curve.Points.Where(p => double.IsFinite(p.Dice)).ToArray();
        var html = new Html().Add($"<figure><figcaption>{curve.Class}");
        if (points.Length > 0)
        {
            html.Add($" <small>{Numbers.Score(points.Max(p => p.Dice))} at {points.MaxBy(p => p.Dice).Epoch}</small>");
        }

        html.Add($"</figcaption><svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Spoken(curve.Class, points, what)}\">");
        html.Add($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Top}\" y2=\"{Top}\"/><line class=\"axis\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Height - Bottom}\" y2=\"{Height - Bottom}\"/>");
        html.Add($"<path class=\"line s3\" d=\"{Path(points, last)}\"/>");
        if (points.Length > 0)
        {
            var best = points.MaxBy(p => p.Dice);
            html.Add($"<circle class=\"mark s3\" cx=\"{X(best.Epoch, last)}\" cy=\"{Y(best.Dice)}\" r=\"3\"/>");
        }

        return html.Add($"</svg></figure>\n");
    }

    private static string Path((int Epoch, double Dice)[] points, int last)
    {
        var path = new StringBuilder();
        foreach (var (epoch, dice) in points)
        {
            path.Append(path.Length > 0 ? 'L' : 'M').Append(Numbers.Length(X(epoch, last))).Append(' ').Append(Numbers.Length(Y(dice)));
        }

        return path.ToString();
    }

    private static double X(int epoch, int last) => Left + ((Width - Left - Right) * (last > 1 ? (epoch - 1.0) / (last - 1) : 0.5));

    private static double Y(double dice) => Height - Bottom - ((Height - Top - Bottom) * Math.Clamp(dice, 0, 1));

    private static string Spoken(string name, (int Epoch, double Dice)[] points, string what) => points.Length == 0
        ? $"{name}: no {what}"
        : string.Create(CultureInfo.InvariantCulture, $"{name}: {what} from {Numbers.Score(points[0].Dice)} to {Numbers.Score(points[^1].Dice)}");
}
