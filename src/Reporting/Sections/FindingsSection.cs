using Osteon.Abstractions;

namespace Osteon.Reporting;

/// <summary>What the data check noticed, the gravest first.</summary>
internal static class FindingsSection
{
    public static Html Write(ReportModel model)
    {
        var html = new Html();
        if (model.Findings.Count == 0)
        {
            return html;
        }

        html.Add($"""
            <div class="scroll" role="region" aria-label="Findings" tabindex="0">
            <table>
            <caption>{model.Findings.Count} in all: {string.Join(", ", model.Findings.GroupBy(f => f.Severity).OrderByDescending(g => g.Key).Select(g => $"{g.Count()} {Word(g.Key)}"))}.</caption>
            <thead><tr><th scope="col">Severity</th><th scope="col">Check</th><th scope="col">Where</th><th scope="col">What</th></tr></thead>
            <tbody>

            """);
        foreach (var finding in model.Findings.OrderByDescending(f => f.Severity))
        {
            html.Add($"<tr><td><span class=\"badge {Word(finding.Severity)}\">{Word(finding.Severity)}</span></td><td>{finding.Check}</td><td class=\"path\">{finding.Where}</td><td>{finding.Message}</td></tr>\n");
        }

        return html.Add($"</tbody>\n</table>\n</div>\n");
    }

    private static string Word(Severity severity) => severity.ToString().ToLowerInvariant();
}
