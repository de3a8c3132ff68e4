using Osteon.Masks;

namespace Osteon.Reporting;

/// <summary>Of each class, what share of its wrong pixels is of which kind, and how far from a border.</summary>
internal static class ErrorsSection
{
    private const double BarWidth = 120, BarHeight = 12;

    /// <summary>Names of the bands, nearest first.</summary>
    public static IReadOnlyList<string> Bands { get; } =
        [.. ErrorCounts.Limits.Select((limit, i) => i == 0 ? Invariant($"≤ {limit} px") : Invariant($"{ErrorCounts.Limits[i - 1]}–{limit} px")), Invariant($"> {ErrorCounts.Limits[^1]} px")];

    public static Html Write(ReportModel model)
    {
        var html = new Html();
        if (model.Errors.Count == 0)
        {
            return html;
        }

        html.Add($"""
            <p class="note">Shares of a class's wrong pixels, those that only the truth or only the prediction has. Wrong label: one class was taken for another, which counts for both of them;
            under-segmentation: nothing was found; over-segmentation: nothing is there. Each by the distance from the border of the class's truth: up to {ErrorCounts.Limits[0]} pixels is the border,
            beyond {ErrorCounts.Limits[^1]} the interior, or far outside. The shares by distance in a row add up to 100 %.</p>
            <ul class="legend">

            """);
        foreach (var kind in ErrorCounts.Kinds)
        {
            html.Add($"<li>{Swatches(OverlayRenderer.ColoursOf(kind))}{NameOf(kind)}: {string.Join(", ", Bands)}</li>\n");
        }

        return html.Add($"</ul>\n{Table("Errors of each class", model.Errors)}");
    }

    /// <summary>A row for each class and one for all, each with a bar of kinds and bands.</summary>
    /// <param name="title">For who does not see the page.</param>
    /// <param name="classes">In the order to show.</param>
    public static Html Table(string title, IReadOnlyList<ClassErrors> classes)
    {
        var html = new Html().Add($"""
            <div class="scroll" role="region" aria-label="{title}" tabindex="0">
            <table class="heat">
            <caption class="unseen">{title}</caption>
            <thead><tr><th scope="col" rowspan="2">Class</th><th scope="col" rowspan="2" class="n">Wrong pixels</th><th scope="col" rowspan="2">Kinds and distances</th>
            """);
        foreach (var kind in ErrorCounts.Kinds)
        {
            html.Add($"<th scope=\"colgroup\" colspan=\"{Bands.Count + 1}\">{NameOf(kind)}</th>");
        }

        html.Add($"</tr>\n<tr>");
        foreach (var name in ErrorCounts.Kinds.SelectMany(_ => Bands.Prepend("all")))
        {
            html.Add($"<th scope=\"col\" class=\"n\">{name}</th>");
        }

        html.Add($"</tr></thead>\n<tbody>\n");
        foreach (var errors in classes)
        {
            Row(html, errors.Class, errors.Counts);
        }

        html.Add($"</tbody>\n<tfoot>");
        Row(html, "All classes", ErrorCounts.Sum(classes.Select(e => e.Counts)));
        return html.Add($"</tfoot>\n</table>\n</div>\n");
    }

    /// <summary>Samples of colours, side by side.</summary>
    public static Html Swatches(IReadOnlyList<string> colours)
    {
        var html = new Html();
        foreach (var colour in colours)
        {
            html.Add($"<svg class=\"swatch\" viewBox=\"0 0 12 12\" aria-hidden=\"true\"><rect width=\"12\" height=\"12\" fill=\"{colour}\"/></svg>");
        }

        return html;
    }

    /// <summary>As the report calls a kind.</summary>
    public static string NameOf(ErrorKind kind) => kind switch
    {
        ErrorKind.WrongLabel => "wrong label",
        ErrorKind.UnderSegmentation => "under-segmentation",
        _ => "over-segmentation",
    };

    /// <summary>One line on a case: how much is wrong, of which kind, and how much of it at a border.</summary>
    public static string Sentence(ErrorCounts counts) => counts.Total == 0
        ? "No pixel is wrong."
        : Invariant($"Wrong: {counts.Total} px: {string.Join(", ", ErrorCounts.Kinds.Select(kind => $"{Share(counts.Of(kind), counts.Total)} {NameOf(kind)}"))}; {Share(counts.Within(0), counts.Total)} within {ErrorCounts.Limits[0]} px of a border");

    private static void Row(Html html, string name, ErrorCounts counts)
    {
        html.Add($"<tr><th scope=\"row\">{name}</th><td class=\"n plain\">{Invariant($"{counts.Total}")}</td><td class=\"plain\">{Bar(counts)}</td>");
        foreach (var kind in ErrorCounts.Kinds)
        {
            html.Add($"<td class=\"n plain\"><strong>{Share(counts.Of(kind), counts.Total)}</strong></td>");
            for (var band = 0; band < ErrorCounts.Bands; band++)
            {
                html.Add($"<td class=\"n plain\">{Share(counts[kind, band], counts.Total)}</td>");
            }
        }

        html.Add($"</tr>\n");
    }

    private static Html Bar(ErrorCounts counts)
    {
        var svg = new Html().Add($"<svg class=\"kinds\" width=\"{BarWidth}\" height=\"{BarHeight}\" viewBox=\"0 0 {BarWidth} {BarHeight}\" aria-hidden=\"true\">");
        var left = 0.0;
        foreach (var (kind, band) in from kind in ErrorCounts.Kinds from band in Enumerable.Range(0, ErrorCounts.Bands) where counts[kind, band] > 0 select (kind, band))
        {
            var width = BarWidth * counts[kind, band] / counts.Total;
            svg.Add($"<rect x=\"{left}\" width=\"{width}\" height=\"{BarHeight}\" fill=\"{OverlayRenderer.ColoursOf(kind)[band]}\"/>");
            left += width;
        }

        return svg.Add($"</svg>");
    }

    private static string Share(long part, long total) => total == 0 ? "–" : Invariant($"{100.0 * part / total:0.0} %");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
