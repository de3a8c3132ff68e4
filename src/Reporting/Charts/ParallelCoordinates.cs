using System.Text;

namespace Osteon.Reporting;

/// <summary>An upright axis of parallel coordinates.</summary>
/// <param name="Name">Above it.</param>
/// <param name="Marks">What is written along it, and where: 0 at the foot, 1 at the head.</param>
public sealed record ParallelAxis(string Name, IReadOnlyList<(double Place, string Label)> Marks);

/// <summary>A line through all axes.</summary>
/// <param name="Places">Where it crosses each, 0 to 1; NaN ends it there.</param>
/// <param name="Rank">0 for the worst, 1 for the best: how strongly it is drawn.</param>
/// <param name="Title">Shown when the pointer rests on it.</param>
public sealed record ParallelLine(IReadOnlyList<double> Places, double Rank, string Title);

/// <summary>Points of several settings, and what became of them, as an inline SVG: a line a point, the best one on top.</summary>
/// <param name="axes">At least two.</param>
/// <param name="lines">In any order.</param>
public sealed class ParallelCoordinates(IReadOnlyList<ParallelAxis> axes, IReadOnlyList<ParallelLine> lines)
{
    private const double Gap = 150, Left = 80, Right = 96, Top = 46, Bottom = 16, Height = 340;
    private const int Longest = 20;

    private double Width => Left + Right + (Gap * (axes.Count - 1));

    internal Html Write()
    {
        var svg = new Html().Add($"<div class=\"scroll picture\"><svg class=\"chart parallel\" style=\"min-width: {Width}px\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"Parallel coordinates of {lines.Count} points over {string.Join(", ", axes.Select(a => a.Name))}; the table below has the same numbers\">\n");
        foreach (var line in lines.OrderBy(l => l.Rank))
        {
            svg.Add($"<path class=\"{(line.Rank == 1 ? "best" : "point")}\" style=\"--t: {(int)Math.Round(12 + (88 * line.Rank))}%\" d=\"{Path(line)}\"><title>{line.Title}</title></path>\n");
        }

        for (var i = 0; i < axes.Count; i++)
        {
            // Names of neighbours stand at two heights, so that long ones do not meet.
            svg.Add($"<line class=\"axis\" x1=\"{X(i)}\" x2=\"{X(i)}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/><text class=\"key\" x=\"{X(i)}\" y=\"{(i % 2 == 0 ? 14 : 30)}\" text-anchor=\"middle\">{Short(axes[i].Name, 2 * Longest)}</text>\n");
            foreach (var (place, label) in axes[i].Marks)
            {
                svg.Add($"<line class=\"axis\" x1=\"{X(i)}\" x2=\"{X(i) + 4}\" y1=\"{Y(place)}\" y2=\"{Y(place)}\"/><text class=\"tick halo\" x=\"{X(i) + 7}\" y=\"{Y(place) + 3.5}\">{Short(label, Longest)}<title>{label}</title></text>\n");
            }
        }

        return svg.Add($"</svg></div>\n");
    }

    private static string Short(string text, int longest) => text.Length <= longest ? text : text[..(longest - 1)] + "…";

    private static double Y(double place) => Height - Bottom - ((Height - Top - Bottom) * place);

    private static double X(int axis) => Left + (Gap * axis);

    // Curves that leave and enter axes level: lines that meet on one can be followed through it.
    private string Path(ParallelLine line)
    {
        var path = new StringBuilder($"M{Numbers.Length(X(0))} {Numbers.Length(Y(line.Places[0]))}");
        for (var i = 1; i < axes.Count && !double.IsNaN(line.Places[i]); i++)
        {
            double[] numbers = [X(i - 1) + (Gap / 2), Y(line.Places[i - 1]), X(i) - (Gap / 2), Y(line.Places[i]), X(i), Y(line.Places[i])];
            path.Append('C').AppendJoin(' ', numbers.Select(Numbers.Length));
        }

        return path.ToString();
    }
}
