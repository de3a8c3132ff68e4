namespace Osteon.Reporting;

/// <summary>What a network sees of a case, for people to look at before they train.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Facts">Lines below it.</param>
/// <param name="Classes">Names and colours of the classes that are drawn.</param>
/// <param name="Rows">Pictures by topic.</param>
public sealed record PreviewSheet(string Title, IReadOnlyList<string> Facts, IReadOnlyList<(string Name, string Colour)> Classes, IReadOnlyList<PreviewRow> Rows)
{
    /// <summary>One self-contained HTML page.</summary>
    public string ToHtml()
    {
        var html = Page.Head(Title, Style).Add($"<main class=\"preview\">\n<h1>{Title}</h1>\n");
        foreach (var fact in Facts)
        {
            html.Add($"<p>{fact}</p>\n");
        }

        html.Add($"<ul class=\"classes\">");
        foreach (var (name, colour) in Classes)
        {
            html.Add($"<li><svg width=\"12\" height=\"12\" aria-hidden=\"true\"><rect width=\"12\" height=\"12\" fill=\"{colour}\"/></svg> {name}</li>");
        }

        html.Add($"</ul>\n");
        foreach (var row in Rows)
        {
            html.Add($"<section><h2>{row.Title}</h2>\n<p>{row.Note}</p>\n<div class=\"samples\">\n");
            foreach (var tile in row.Tiles)
            {
                html.Add($"<figure><img src=\"data:image/png;base64,{tile.Picture}\" alt=\"{tile.Caption}\"><figcaption><b>{tile.Caption}</b>");
                foreach (var line in tile.Lines)
                {
                    html.Add($"<code>{line}</code>");
                }

                html.Add($"</figcaption></figure>\n");
            }

            html.Add($"</div></section>\n");
        }

        return html.Add($"</main>\n</body>\n</html>\n").ToString();
    }

    private const string Style = """

        main.preview { max-width: 100rem; }
        ul.classes { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
        .samples { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; }
        .samples figure { margin: 0; width: 18rem; }
        .samples img { width: 100%; height: auto; background: #000; display: block; }
        .samples figcaption { font-size: .8rem; overflow-wrap: anywhere; }
        .samples code { display: block; font-weight: normal; }

        """;
}

/// <summary>Pictures that belong together.</summary>
public sealed record PreviewRow(string Title, string Note, IReadOnlyList<PreviewTile> Tiles);

/// <summary>One picture.</summary>
/// <param name="Caption">What it shows.</param>
/// <param name="Picture">A PNG file.</param>
/// <param name="Lines">What was drawn.</param>
public sealed record PreviewTile(string Caption, byte[] Picture, IReadOnlyList<string> Lines);
