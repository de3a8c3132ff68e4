namespace Osteon.Reporting;

/// <summary>The frame around the sections.</summary>
internal static class Page
{
    public static Html Write(ReportModel model, IReadOnlyList<(string Id, string Title, Html Body)> sections)
    {
        var html = new Html().Add($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            <link rel="icon" href="data:,">
            <title>{model.Title}</title>

            """);
        html.AddStyle(Style());
        html.Add($"</head>\n<body>\n<main>\n{HeadlineSection.Write(model)}");
        if (sections.Count > 1)
        {
            html.Add($"<nav aria-label=\"Sections\"><ul>\n");
            foreach (var (id, title, _) in sections)
            {
                html.Add($"<li><a href=\"#{id}\">{title}</a></li>\n");
            }

            html.Add($"</ul></nav>\n");
        }

        foreach (var (id, title, body) in sections)
        {
            html.Add($"<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{title}</h2>\n{body}</section>\n");
        }

        return html.Add($"</main>\n</body>\n</html>\n");
    }

    /// <summary>The style sheet.</summary>
    public static string Style()
    {
        using var reader = new StreamReader(typeof(Page).Assembly.GetManifestResourceStream("report.css")!);
        return reader.ReadToEnd();
    }
}
