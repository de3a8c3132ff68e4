using System.Globalization;

namespace Osteon.Reporting;

/// <summary>One row of box plots.</summary>
/// <param name="Name">The class.</param>
/// <param name="Values">Above 0, ascending.</param>
/// <param name="Of">In how many cases it could have been.</param>
internal sealed record Box(string Name, IReadOnlyList<double> Values, int Of);

/// <summary>Distributions beside each other on a logarithmic axis: box from quartile to quartile, whiskers to the farthest value within 1.5 boxes, dots beyond.</summary>
/// <remarks>Tukey 1977, Exploratory Data Analysis, section 2C.</remarks>
internal static class BoxPlots
{
    private const double Width = 900, Row = 20, Left = 150, Right = 170, Top = 8, Bottom = 34;

    public static Html Write(string unit, IReadOnlyList<Box> boxes)
    {
        var all = boxes.SelectMany(b => b.Values).ToArray();
        var (low, high) = all.Length == 0 ? (-1, 0) : ((int)Math.Floor(Math.Log10(all.Min())), (int)Math.Ceiling(Math.Log10(all.Max()) + 1e-9));
        high = Math.Max(high, low + 1);
        var height = Top + (boxes.Count * Row) + Bottom;
        double X(double value) => Left + ((Math.Log10(value) - low) / (high - low) * (Width - Left - Right));
        var svg = new Html().Add($"<svg class=\"chart wide\" viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"Area of each class\">\n");
        for (var power = low; power <= high; power++)
        {
            var x = X(Math.Pow(10, power));
            svg.Add($"<line class=\"grid\" x1=\"{x}\" x2=\"{x}\" y1=\"{Top}\" y2=\"{height - Bottom}\"/><text class=\"tick\" x=\"{x}\" y=\"{height - Bottom + 15}\" text-anchor=\"middle\">{Percent(Math.Pow(10, power))}</text>\n");
        }

        svg.Add($"<text class=\"unit\" x=\"{(Left + Width - Right) / 2}\" y=\"{height - 3}\" text-anchor=\"middle\">{unit}</text>\n");
        for (var i = 0; i < boxes.Count; i++)
        {
            One(svg, boxes[i], Top + (i * Row) + (Row / 2), X, i);
        }

        return svg.Add($"</svg>\n");
    }

    private static void One(Html svg, Box box, double y, Func<double, double> x, int k)
    {
        svg.Add($"<text class=\"key\" x=\"{Left - 10}\" y=\"{y + 4}\" text-anchor=\"end\">{box.Name}</text>\n");
        if (box.Values.Count == 0)
        {
            svg.Add($"<text class=\"tick\" x=\"{Left + 6}\" y=\"{y + 4}\">never</text>\n");
            return;
        }

        var (q1, median, q3) = (Quantile(box.Values, 0.25), Quantile(box.Values, 0.5), Quantile(box.Values, 0.75));
        var within = box.Values.Where(v => v >= q1 - (1.5 * (q3 - q1)) && v <= q3 + (1.5 * (q3 - q1))).ToArray();
        svg.Add($"<line class=\"axis\" x1=\"{x(within[0])}\" x2=\"{x(within[^1])}\" y1=\"{y}\" y2=\"{y}\"/>");
        svg.Add($"<rect x=\"{x(q1)}\" y=\"{y - 6}\" width=\"{Math.Max(1, x(q3) - x(q1))}\" height=\"12\" rx=\"2\" fill=\"{ClassColours.Hex(k)}\" fill-opacity=\".75\"><title>{box.Name}: half of the cases between {Percent(q1)} and {Percent(q3)}, median {Percent(median)}</title></rect>");
        svg.Add($"<line class=\"reference\" x1=\"{x(median)}\" x2=\"{x(median)}\" y1=\"{y - 6}\" y2=\"{y + 6}\"/>\n");
        foreach (var value in box.Values.Where(v => v < within[0] || v > within[^1]).Take(60))
        {
            svg.Add($"<circle class=\"dot\" cx=\"{x(value)}\" cy=\"{y}\" r=\"2\"><title>{Percent(value)}</title></circle>");
        }

        svg.Add($"<text class=\"tick\" x=\"{Width - Right + 10}\" y=\"{y + 4}\">{Percent(median)} · in {box.Values.Count} of {box.Of}</text>\n");
    }

    /// <summary>Linear between order statistics, as numpy.quantile.</summary>
    internal static double Quantile(IReadOnlyList<double> ascending, double part)
    {
        var at = part * (ascending.Count - 1);
        var below = (int)Math.Floor(at);
        return below + 1 < ascending.Count ? ascending[below] + ((at - below) * (ascending[below + 1] - ascending[below])) : ascending[below];
    }

    private static string Percent(double share) => 100 * share >= 1
        ? (100 * share).ToString("0.#", CultureInfo.InvariantCulture) + " %"
        : (100 * share).ToString("0.####", CultureInfo.InvariantCulture) + " %";
}
