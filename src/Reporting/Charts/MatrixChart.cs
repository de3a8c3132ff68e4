namespace Osteon.Reporting;

/// <summary>A square of cells, classes against classes, darker for more.</summary>
internal static class MatrixChart
{
    private const double Left = 110, Top = 110;

    /// <param name="title">For those who cannot see it.</param>
    /// <param name="names">Of rows and columns.</param>
    /// <param name="strength">How dark, in [0, 1].</param>
    /// <param name="tell">The hover text of a cell.</param>
    public static Html Write(string title, IReadOnlyList<string> names, Func<int, int, double> strength, Func<int, int, string> tell)
    {
        var cell = Math.Clamp(420.0 / Math.Max(1, names.Count), 9, 34);
        var size = cell * names.Count;
        var svg = new Html().Add($"<svg class=\"chart\" style=\"max-width:{1.4 * (Left + size)}px\" viewBox=\"0 0 {Left + size + 4} {Top + size + 4}\" role=\"img\" aria-label=\"{title}\">\n");
        for (var i = 0; i < names.Count; i++)
        {
            var (x, y) = (Left + ((i + 0.5) * cell) + 3, Top + ((i + 0.5) * cell) + 3.5);
            svg.Add($"<text class=\"tick\" x=\"{Left - 6}\" y=\"{y}\" text-anchor=\"end\">{names[i]}</text><text class=\"tick\" x=\"{x}\" y=\"{Top - 6}\" transform=\"rotate(-60 {x} {Top - 6})\">{names[i]}</text>\n");
            for (var j = 0; j < names.Count; j++)
            {
                var part = i == j ? 0 : Math.Clamp(strength(i, j), 0, 1);
                svg.Add($"<rect x=\"{Left + (j * cell)}\" y=\"{Top + (i * cell)}\" width=\"{cell - 0.8}\" height=\"{cell - 0.8}\" style=\"fill:{(i == j ? "var(--faint)" : "var(--accent)")};fill-opacity:{(i == j ? 1 : 0.06 + (0.94 * part))}\"><title>{tell(i, j)}</title></rect>");
            }

            svg.Add($"\n");
        }

        return svg.Add($"</svg>\n");
    }
}
