namespace Osteon.Reporting;

/// <summary>The frame around the sections.</summary>
internal static class Page
{
    /// <param name="title">In the browser's bar.</param>
    /// <param name="header">What stands first.</param>
    /// <param name="sections">Those without a body are left out.</param>
    /// <param name="script">Our own, or none: then the page may run none.</param>
    public static Html Write(string title, Html header, IReadOnlyList<(string Id, string Title, Html Body)> sections, string? script = null)
    {
        sections = [.. sections.Where(s => s.Body.ToString().Length > 0)];
        var html = new Html().Add($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:{(script is null ? "" : "; script-src 'unsafe-inline'")}">
            <link rel="icon" href="data:,">
            <title>{title}</title>

            """);
        html.AddStyle(Style());
        html.Add($"</head>\n<body>\n<main>\n{header}");
        if (sections.Count > 1)
        {
            html.Add($"<nav aria-label=\"Sections\"><ul>\n");
            foreach (var (id, heading, _) in sections)
            {
                html.Add($"<li><a href=\"#{id}\">{heading}</a></li>\n");
            }

            html.Add($"</ul></nav>\n");
        }

        foreach (var (id, heading, body) in sections)
        {
            html.Add($"<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{heading}</h2>\n{body}</section>\n");
        }

        html.Add($"</main>\n");
        if (script is not null)
        {
            html.AddScript(script);
        }

        return html.Add($"</body>\n</html>\n");
    }

    /// <summary>The style sheet.</summary>
    public static string Style()
    {
        using var reader = new StreamReader(typeof(Page).Assembly.GetManifestResourceStream("report.css")!);
        return reader.ReadToEnd();
    }
}
