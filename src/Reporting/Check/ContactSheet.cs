using Osteon.Abstractions;

namespace Osteon.Reporting;

/// <summary>A finding on a contact sheet.</summary>
/// <param name="Finding">What was found.</param>
/// <param name="Reason">Why it is accepted; null where it is not.</param>
/// <param name="Picture">A JPEG of the case with the offending classes drawn, or null.</param>
public sealed record SheetFinding(Finding Finding, string? Reason, byte[]? Picture);

/// <summary>A rule that found something.</summary>
/// <param name="Name">As experiments name it.</param>
/// <param name="What">What it finds.</param>
/// <param name="Why">What goes wrong otherwise.</param>
/// <param name="Findings">All of them.</param>
public sealed record SheetRule(string Name, string What, string Why, IReadOnlyList<SheetFinding> Findings)
{
    /// <summary>The gravest of its findings.</summary>
    public Severity Severity => Findings.Max(f => f.Finding.Severity);
}

/// <summary>What Check found, with pictures.</summary>
/// <param name="Title">The experiment's name.</param>
/// <param name="Cases">Cases that were looked at.</param>
/// <param name="RuleCount">Rules that were asked.</param>
/// <param name="Rules">Those that found something, the gravest first.</param>
/// <param name="Unused">Entries of check.ignore that accept nothing any more.</param>
public sealed record SheetModel(string Title, int Cases, int RuleCount, IReadOnlyList<SheetRule> Rules, IReadOnlyList<string> Unused);

/// <summary>Writes what Check found as one HTML file with the offenders drawn; it asks nothing of the network and runs no script.</summary>
public static class ContactSheet
{
    private const int ListedWithoutPicture = 200;

    /// <summary>Writes the file whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(SheetModel model, string path) => AtomicFile.WriteAllText(path, Render(model));

    /// <summary>The sheet as text.</summary>
    public static string Render(SheetModel model) =>
        Page.Write($"Check of {model.Title}", Header(model), [.. model.Rules.Select(r => (r.Name, r.Name, Section(r)))]).ToString();

    private static Html Header(SheetModel model)
    {
        var all = model.Rules.SelectMany(r => r.Findings).ToArray();
        var html = new Html().Add($"<header>\n<p class=\"eyebrow\">Data of experiment {model.Title}</p>\n<h1>{Verdict(all)}</h1>\n<dl class=\"tiles\">\n");
        Tile(html, "Cases", model.Cases);
        Tile(html, "Rules asked", model.RuleCount);
        foreach (var severity in new[] { Severity.Red, Severity.Amber, Severity.Info })
        {
            Tile(html, severity.ToString(), all.Count(f => f.Finding.Severity == severity && f.Reason is null));
        }

        Tile(html, "Accepted by check.ignore", all.Count(f => f.Reason is not null));
        html.Add($"</dl>\n");
        foreach (var line in model.Unused)
        {
            html.Add($"<p class=\"warning\" role=\"note\">{line}</p>\n");
        }

        return html.Add($"</header>\n");
    }

    private static string Verdict(SheetFinding[] all)
    {
        var red = all.Count(f => f.Finding.Severity == Severity.Red && f.Reason is null);
        return red > 0 ? $"{red} red finding{(red == 1 ? "" : "s")}: nothing is trained on this data"
            : all.Any(f => f.Reason is null) ? "Nothing blocks training; some things are worth a look"
            : "Nothing was found";
    }

    private static void Tile(Html html, string name, int value) => html.Add($"<div class=\"tile\"><dt>{name}</dt><dd>{value}</dd></div>\n");

    internal static Html Section(SheetRule rule)
    {
        var word = rule.Severity.ToString().ToLowerInvariant();
        var html = new Html().Add($"<p><span class=\"badge {word}\">{word}</span> {rule.What} <span class=\"note\">{rule.Why}</span></p>\n");
        var drawn = rule.Findings.Where(f => f.Picture is not null).ToArray();
        if (drawn.Length > 0)
        {
            html.Add($"<div class=\"sheet\">\n");
            foreach (var finding in drawn)
            {
                html.Add($"<figure class=\"{(finding.Reason is null ? "" : "accepted")}\">\n<img loading=\"lazy\" src=\"data:image/jpeg;base64,{finding.Picture!}\" alt=\"{finding.Finding.Case}\">\n<figcaption>{finding.Finding.Case}<small>{finding.Finding.Message}{Accepted(finding)}</small></figcaption>\n</figure>\n");
            }

            html.Add($"</div>\n");
        }

        var others = rule.Findings.Where(f => f.Picture is null).ToArray();
        if (others.Length > 0)
        {
            html.Add($"<div class=\"scroll\"><table><tbody>\n");
            foreach (var finding in others.Take(ListedWithoutPicture))
            {
                html.Add($"<tr><td class=\"path\">{finding.Finding.Where}</td><td>{finding.Finding.Message}{Accepted(finding)}</td></tr>\n");
            }

            if (others.Length > ListedWithoutPicture)
            {
                html.Add($"<tr><td></td><td>and {others.Length - ListedWithoutPicture} more, in check.json</td></tr>\n");
            }

            html.Add($"</tbody></table></div>\n");
        }

        return html;
    }

    private static Html Accepted(SheetFinding finding) => finding.Reason is null ? new Html() : new Html().Add($" <em>Accepted: {finding.Reason}</em>");
}
