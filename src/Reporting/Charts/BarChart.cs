namespace Osteon.Reporting;

/// <summary>A histogram as an inline SVG.</summary>
internal static class BarChart
{
    private const double Width = 420, Height = 210, Left = 40, Right = 8, Top = 30, Bottom = 46;
    private static readonly string[] Colours = ["--s1", "--s2", "--s3", "--soft"];

    public static Html Write(Histogram histogram)
    {
        var totals = histogram.Bins.Select((_, b) => histogram.Series.Sum(s => s.Counts[b])).ToArray();
        var y = Axis.Around(totals.Select(t => (double)t).Append(0), 4, Height - Bottom, Top);
        var step = (Width - Left - Right) / Math.Max(1, histogram.Bins.Count);
        var svg = new Html().Add($"<svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{histogram.Title}\">\n");
        foreach (var mark in y.Marks().Where(m => m == Math.Floor(m)))
        {
            svg.Add($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y.Map(mark)}\" y2=\"{y.Map(mark)}\"/><text class=\"tick\" x=\"{Left - 6}\" y=\"{y.Map(mark) + 3.5}\" text-anchor=\"end\">{y.Label(mark)}</text>\n");
        }

        for (var b = 0; b < histogram.Bins.Count; b++)
        {
            Bar(svg, histogram, b, Left + (b * step), step, y);
        }

        Legend(svg, histogram);
        return svg.Add($"</svg>\n");
    }

    private static void Bar(Html svg, Histogram histogram, int b, double x, double step, Axis y)
    {
        var below = 0;
        for (var s = 0; s < histogram.Series.Count; s++)
        {
            var (name, counts) = histogram.Series[s];
            if (counts[b] > 0)
            {
                var (low, high) = (y.Map(below), y.Map(below + counts[b]));
                svg.Add($"<rect x=\"{x + (0.06 * step)}\" y=\"{high}\" width=\"{0.88 * step}\" height=\"{low - high}\" style=\"fill:var({Colours[Math.Min(s, Colours.Length - 1)]})\"><title>{histogram.Bins[b]}{(name.Length > 0 ? $", {name}" : "")}: {counts[b]}</title></rect>\n");
                below += counts[b];
            }
        }

        // Labels that would run into each other are slanted.
        var label = histogram.Bins[b].Length > 14 ? histogram.Bins[b][..13] + "…" : histogram.Bins[b];
        var slanted = histogram.Bins.Max(l => l.Length) * 6.2 > step;
        var (cx, cy) = (x + (step / 2), Height - Bottom + 14);
        if (slanted)
        {
            svg.Add($"<text class=\"tick\" x=\"{cx}\" y=\"{cy}\" text-anchor=\"end\" transform=\"rotate(-35 {cx} {cy})\">{label}</text>\n");
        }
        else
        {
            svg.Add($"<text class=\"tick\" x=\"{cx}\" y=\"{cy}\" text-anchor=\"middle\">{label}</text>\n");
        }
    }

    private static void Legend(Html svg, Histogram histogram)
    {
        var x = Left;
        foreach (var ((name, _), s) in histogram.Series.Select((series, s) => (series, s)).Where(p => p.series.Name.Length > 0))
        {
            svg.Add($"<rect x=\"{x}\" y=\"6\" width=\"11\" height=\"11\" style=\"fill:var({Colours[Math.Min(s, Colours.Length - 1)]})\"/><text class=\"key\" x=\"{x + 16}\" y=\"16\">{name}</text>\n");
            x += 16 + (name.Length * 6.6) + 16;
        }
    }
}
