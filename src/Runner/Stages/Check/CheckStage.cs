using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;

namespace Osteon.Runner;

/// <summary>Judges the data before anything is spent on it. Red findings stop the experiment, all named at once.</summary>
public sealed class CheckStage : Stage
{
    private const int Shown = 40;

    /// <inheritdoc/>
    public override string Name => "Check";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IEnumerable<Unit> Units(ExperimentSession session)
    {
        var config = new JsonObject { ["mode"] = session.Plan.Data.Mode.ToString() };
        yield return new Unit(Name, string.Empty, config, new Dictionary<string, string>(), session.HashesOf("Convert"));
    }

    /// <inheritdoc/>
    public override Task RunAsync(UnitRun run, CancellationToken cancellation)
    {
        var folder = run.Input("Convert");
        var findings = FindingsFile.Load(folder).ToList();
        findings.AddRange(StoreChecks.Run(CaseStore.Open(folder), run.Plan.Data.Mode, cancellation));
        FindingsFile.Save(run.Folder, findings);
        foreach (var severity in Enum.GetValues<Severity>())
        {
            run.Headline(severity.ToString().ToLowerInvariant(), findings.Count(f => f.Severity == severity));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">There are red findings that the experiment does not ignore.</exception>
    public override void Conclude(ExperimentSession session)
    {
        var findings = FindingsFile.Load(session.OutputOf(Name).Folder);
        var ignored = session.Plan.Check.Ignore;
        foreach (var finding in findings.Where(f => f.Severity == Severity.Amber || (f.Severity == Severity.Red && ignored.Contains(f.Check))).Take(Shown))
        {
            session.Console.Warn(Line(finding));
        }

        var red = findings.Where(f => f.Severity == Severity.Red && !ignored.Contains(f.Check)).ToArray();
        if (red.Length > 0)
        {
            throw new ConfigurationException([
                .. red.Take(Shown).Select(Line),
                $"{red.Length} red findings in the data ({string.Join(", ", red.GroupBy(f => f.Check).Select(g => $"{g.Count()} {g.Key}"))}). " +
                $"Mend the files, or set check.ignore to [{string.Join(", ", red.Select(f => f.Check).Distinct())}] to go on without them. " +
                $"All are in {Path.Combine(session.OutputOf(Name).Folder, "findings.json")}."]);
        }
    }

    private static string Line(Finding finding) => $"{finding.Where}: {finding.Check}: {finding.Message}";
}
