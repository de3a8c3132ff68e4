using Osteon.Abstractions;

namespace Osteon.Reporting;

/// <summary>One table as one HTML file that asks nothing of the network and runs no script.</summary>
public static class TablePage
{
    /// <summary>Writes the file whole or not at all; the first row is marked as the best.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="note">A sentence above the table.</param>
    /// <param name="header">Column names.</param>
    /// <param name="rows">As many cells each.</param>
    /// <param name="path">Replaced when it exists.</param>
    public static void Write(string title, string note, IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows, string path) =>
        Write(title, note, new Html(), header, rows, path);

    internal static void Write(string title, string note, Html picture, IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows, string path)
    {
        var body = new Html().Add($"<div class=\"scroll\"><table>\n<thead><tr>");
        foreach (var name in header)
        {
            body.Add($"<th scope=\"col\">{name}</th>");
        }

        body.Add($"</tr></thead>\n<tbody>\n");
        for (var i = 0; i < rows.Count; i++)
        {
            body.Add($"<tr{(i == 0 ? new Html().Add($" class=\"ensemble\"") : new Html())}>");
            foreach (var cell in rows[i])
            {
                body.Add($"<td>{cell}</td>");
            }

            body.Add($"</tr>\n");
        }

        body.Add($"</tbody></table></div>\n");
        AtomicFile.WriteAllText(path, Page.Head(title).Add($"<main>\n<h1>{title}</h1>\n<p class=\"note\">{note}</p>\n{picture}{body}</main>\n</body>\n</html>\n").ToString());
    }
}
