using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Checking;
using Osteon.Datasets;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>Judges the data before anything is spent on it. Red findings stop the experiment, all named at once.</summary>
public sealed class CheckStage : Stage
{
    private const int Shown = 40, ShownOfARule = 10;

    /// <inheritdoc/>
    public override string Name => "Check";

    /// <inheritdoc/>
    public override int Version => 5;

    /// <inheritdoc/>
    public override IEnumerable<Unit> Units(ExperimentSession session)
    {
        // What is ignored is applied to the findings afterwards: another reason costs no second look at the data.
        var config = new JsonObject { ["mode"] = session.Plan.Data.Mode.ToString(), ["thresholds"] = PlanSlices.Json(session.Plan.Check.Thresholds) };
        yield return new Unit(Name, string.Empty, config, new Dictionary<string, string>(), session.HashesOf(["Convert", .. session.Labels]));
    }

    /// <inheritdoc/>
    public override Task RunAsync(UnitRun run, CancellationToken cancellation)
    {
        var folder = run.Input("Convert");
        var store = CaseStore.Open(folder);
        using var line = run.Session.Console.Progress(run.Unit.Id);
        var data = DataCheck.Measure(folder, run.Plan.Data.Mode, run.Plan.Check.Thresholds, done => line.Report(done, store.Cases.Count, "cases"), cancellation);
        data = run.Session.Classifies ? data with { Images = CaseLabels.Load(run.Input("Label")), ClassesAreOfMasks = LabelSource.Of(run.Plan).ReadsMasks } : data;
        var findings = DataCheck.Judge(data);
        CheckPictures.Draw(store, findings, run.Folder, cancellation);
        FindingsFile.Save(run.Folder, findings);
        PictureCopies.Of(data).Save(run.Folder);
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
        var report = CheckReport.Load(session);
        report.Write(session);
        foreach (var row in report.Table())
        {
            session.Console.Info(row);
        }

        foreach (var judged in report.Findings.Where(f => f.Reason is not null || f.Finding.Severity == Severity.Amber).GroupBy(f => f.Finding.Check).SelectMany(g => g.Take(ShownOfARule)).Take(Shown))
        {
            session.Console.Warn(Line(judged.Finding) + (judged.Reason is null ? string.Empty : $" Accepted: {judged.Reason}"));
        }

        foreach (var unused in report.Unused)
        {
            session.Console.Warn(unused);
        }

        var sheet = session.ForPeople(Path.Combine(session.RunFolder, CheckReport.Html));
        var red = report.Blocking;
        if (red.Count > 0)
        {
            throw new ConfigurationException([
                .. red.Take(Shown).Select(Line),
                $"{red.Count} red findings in the data ({string.Join(", ", red.GroupBy(f => f.Check).Select(g => $"{g.Count()} {g.Key}"))}). " +
                $"Look at {sheet}, and mend the files; what is right as it is goes into check.ignore, as in [{{rule: {red[0].Check}, case: {red[0].Case ?? red[0].Where}, reason: …}}]."]);
        }

        if (report.Findings.Count > 0)
        {
            session.Console.Info($"  pictures: {sheet}");
        }
    }

    private static string Line(Finding finding) => $"{finding.Where}: {finding.Check}: {finding.Message}";
}
