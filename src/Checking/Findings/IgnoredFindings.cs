using Osteon.Abstractions;

namespace Osteon.Checking;

/// <summary>A finding, and why it is accepted; null where it is not.</summary>
public sealed record JudgedFinding(Finding Finding, string? Reason);

/// <summary>Which findings an experiment accepts.</summary>
public static class IgnoredFindings
{
    /// <summary>Joins findings with the reasons given for them; the first entry that fits counts.</summary>
    /// <param name="findings">In any order, which is kept.</param>
    /// <param name="ignore">The experiment's.</param>
    /// <param name="cases">Ids of all cases, those too that could not be read.</param>
    /// <returns>The findings, and a line for every entry that accepts nothing.</returns>
    /// <exception cref="ConfigurationException">An entry names a case that does not exist; all such are told.</exception>
    public static (IReadOnlyList<JudgedFinding> Findings, IReadOnlyList<string> Unused) Apply(IReadOnlyList<Finding> findings, IReadOnlyList<IgnorePlan> ignore, IEnumerable<string> cases)
    {
        var known = cases.Concat(findings.Select(f => f.Where)).ToHashSet(StringComparer.Ordinal);
        var faults = ignore.Select((entry, i) => (entry, i)).Where(e => e.entry.Case is { } name && !known.Contains(name))
            .Select(e => $"check.ignore[{e.i}].case '{e.entry.Case}' is no case of the data set, and no file that a finding names. Write an id as findings.json has it under \"case\", or remove the entry.").ToArray();
        if (faults.Length > 0)
        {
            throw new ConfigurationException(faults);
        }

        var used = new bool[ignore.Count];
        var judged = new List<JudgedFinding>(findings.Count);
        foreach (var finding in findings)
        {
            string? reason = null;
            for (var i = 0; i < ignore.Count; i++)
            {
                if (ignore[i].Rule == finding.Check && (ignore[i].Case is not { } name || name == finding.Case || name == finding.Where))
                {
                    used[i] = true;
                    reason ??= ignore[i].Reason;
                }
            }

            judged.Add(new JudgedFinding(finding, reason));
        }

        return (judged, [.. ignore.Select((entry, i) => (entry, i)).Where(e => !used[e.i])
            .Select(e => $"check.ignore[{e.i}] ({e.entry.Rule}{(e.entry.Case is null ? string.Empty : $", {e.entry.Case}")}) accepts no finding any more; remove it.")]);
    }
}
