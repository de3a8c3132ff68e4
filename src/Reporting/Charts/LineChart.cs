using System.Text;

namespace Osteon.Reporting;

/// <summary>One line of a chart.</summary>
/// <param name="Name">In the legend and the hover text.</param>
/// <param name="Style">s1, s2 or s3: colour and dashes by the style sheet, told apart without colour too.</param>
/// <param name="Points">By epoch; epochs whose value is not finite, such as those without validation, are passed over.</param>
/// <param name="MarkGreatest">Whether the greatest value gets a ring and its number.</param>
internal sealed record Series(string Name, string Style, IReadOnlyList<(int Epoch, double Value)> Points, bool MarkGreatest = false);

/// <summary>Values over epochs as an inline SVG with axes, legend and a hover text at every point.</summary>
/// <param name="title">For those who cannot see it.</param>
/// <param name="unit">What the upright axis counts.</param>
/// <param name="lastEpoch">Where the level axis ends.</param>
/// <param name="series">The lines.</param>
/// <param name="ceiling">Values above it do not stretch the axis; they are drawn at its end, with their number to hover.</param>
internal sealed class LineChart(string title, string unit, int lastEpoch, IReadOnlyList<Series> series, double ceiling = double.PositiveInfinity)
{
    public const double Width = 480, Height = 260;
    private const double Left = 54, Right = 14, Top = 34, Bottom = 38;

    /// <summary>Epochs, to the right.</summary>
    public Axis X { get; } = Axis.OfEpochs(lastEpoch, 8, Left, Width - Right);

    /// <summary>Values, upwards.</summary>
    public Axis Y { get; } = Axis.Around(series.SelectMany(s => s.Points).Select(p => p.Value).Where(v => v <= ceiling), 5, Height - Bottom, Top);

    public Html Write()
    {
        var svg = new Html().Add($"<svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{title}, {Spoken()}\">\n");
        Axes(svg);
        Legend(svg);
        foreach (var line in series)
        {
            svg.Add($"<path class=\"line {line.Style}\" d=\"{Path(line)}\"/>\n");
        }

        foreach (var line in series)
        {
            Points(svg, line);
        }

        return svg.Add($"</svg>");
    }

    /// <summary>SVG path data through all finite points.</summary>
    public string Path(Series line)
    {
        var path = new StringBuilder();
        foreach (var (epoch, value) in Finite(line))
        {
            path.Append(path.Length > 0 ? 'L' : 'M').Append(Numbers.Length(X.Map(epoch))).Append(' ').Append(Numbers.Length(Level(value)));
        }

        return path.ToString();
    }

    private double Level(double value) => Y.Map(Math.Min(value, Y.High));

    private static (int Epoch, double Value)[] Finite(Series line) => [.. line.Points.Where(p => double.IsFinite(p.Value))];

    private void Axes(Html svg)
    {
        foreach (var value in Y.Marks())
        {
            var y = Y.Map(value);
            svg.Add($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y}\" y2=\"{y}\"/><text class=\"tick\" x=\"{Left - 8}\" y=\"{y + 3.5}\" text-anchor=\"end\">{Y.Label(value)}</text>\n");
        }

        foreach (var epoch in X.Marks())
        {
            var x = X.Map(epoch);
            svg.Add($"<line class=\"axis\" x1=\"{x}\" x2=\"{x}\" y1=\"{Height - Bottom}\" y2=\"{Height - Bottom + 4}\"/><text class=\"tick\" x=\"{x}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{X.Label(epoch)}</text>\n");
        }

        svg.Add($"<line class=\"axis\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Height - Bottom}\" y2=\"{Height - Bottom}\"/>\n");
        svg.Add($"<text class=\"unit\" x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 5}\" text-anchor=\"middle\">Epoch</text><text class=\"unit\" x=\"{Left - 8}\" y=\"14\" text-anchor=\"end\">{unit}</text>\n");
    }

    private void Legend(Html svg)
    {
        var x = Left;
        foreach (var line in series)
        {
            svg.Add($"<line class=\"line {line.Style}\" x1=\"{x}\" x2=\"{x + 22}\" y1=\"10\" y2=\"10\"/><text class=\"key\" x=\"{x + 28}\" y=\"14\">{line.Name}</text>\n");
            x += 28 + (line.Name.Length * 6.4) + 18;
        }
    }

    private void Points(Html svg, Series line)
    {
        var points = Finite(line);
        // Few points, or a line over gaps: the points themselves are to be seen.
        var kind = points.Length < line.Points.Count || points.Length < 12 ? $"hit seen {line.Style}" : "hit";
        foreach (var (epoch, value) in points)
        {
            svg.Add($"<circle class=\"{kind}\" cx=\"{X.Map(epoch)}\" cy=\"{Level(value)}\" r=\"5\"><title>epoch {epoch}, {line.Name} {Numbers.Score(value)}</title></circle>\n");
        }

        if (line.MarkGreatest && points.Length > 0)
        {
            var (epoch, value) = points.MaxBy(p => p.Value);
            var (x, y) = (X.Map(epoch), Level(value));
            // The number stands on the side that has room.
            var anchor = x > Width / 2 ? "end" : "start";
            svg.Add($"<circle class=\"mark {line.Style}\" cx=\"{x}\" cy=\"{y}\" r=\"4\"/><text class=\"key\" x=\"{x + (anchor == "end" ? 4 : -4)}\" y=\"{Math.Min(y + 20, Height - Bottom - 6)}\" text-anchor=\"{anchor}\">{Numbers.Score(value)} at {epoch}</text>\n");
        }
    }

    private string Spoken() => string.Join("; ", series.Select(s =>
    {
        var values = Array.ConvertAll(Finite(s), p => p.Value);
        return values.Length == 0
            ? $"{s.Name} without values"
            : $"{s.Name} from {Numbers.Score(values[0])} to {Numbers.Score(values[^1])}, least {Numbers.Score(values.Min())}, greatest {Numbers.Score(values.Max())}";
    }));
}
