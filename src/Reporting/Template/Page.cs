using System.Security.Cryptography;
using System.Text;

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
        var html = Head(title, script: script).Add($"<main>\n{header}");
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

    /// <summary>From the first line to the body's beginning: a page that asks nothing of the network.</summary>
    /// <param name="title">In the browser's bar.</param>
    /// <param name="style">Rules of this page alone.</param>
    /// <param name="script">The one that the page may run; null: none.</param>
    public static Html Head(string title, string style = "", string? script = null)
    {
        var allowed = script is null ? new Html() : new Html().Add($"; script-src 'sha256-{SHA256.HashData(Encoding.UTF8.GetBytes(script))}'");
        return new Html().Add($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:{allowed}">
            <link rel="icon" href="data:,">
            <title>{title}</title>

            """).AddStyle(Resource("report.css") + style).Add($"</head>\n<body>\n");
    }

    /// <summary>A file that is part of the library.</summary>
    public static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(Page).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
