using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Checking;
using Osteon.Datasets;
using Osteon.Reporting;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>A first look at a data set, as one HTML page. It needs no data that Check would pass: bad data is what one wants to look at.</summary>
public sealed class ExploreStage : Stage
{
    private const string FileName = "explore.html";

    /// <inheritdoc/>
    public override string Name => "Explore";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <inheritdoc/>
    public override IEnumerable<Unit> Units(ExperimentSession session)
    {
        var config = new JsonObject { ["mode"] = session.Plan.Data.Mode.ToString(), ["thresholds"] = PlanSlices.Json(session.Plan.Check.Thresholds), ["title"] = session.Plan.Name };
        yield return new Unit(Name, string.Empty, config, new Dictionary<string, string>(), session.HashesOf("Convert"));
    }

    /// <inheritdoc/>
    public override Task RunAsync(UnitRun run, CancellationToken cancellation)
    {
        var folder = run.Input("Convert");
        var store = CaseStore.Open(folder);
        var total = 2 * store.Cases.Count;
        using var line = run.Session.Console.Progress(run.Unit.Id);
        var data = DataCheck.Measure(folder, run.Plan.Data.Mode, run.Plan.Check.Thresholds, done => line.Report(done, total, "measured"), cancellation);
        var findings = DataCheck.Judge(data);
        var model = new ExploreBuilder(store, run.Plan.Name).Build(data, findings, done => line.Report(store.Cases.Count + done, total, "drawn"), cancellation);
        ExplorePage.Write(model, Path.Combine(run.Folder, FileName));
        run.Headline("cases", store.Cases.Count);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Conclude(ExperimentSession session)
    {
        var path = Path.Combine(session.RunFolder, FileName);
        AtomicFile.Copy(Path.Combine(session.OutputOf(Name).Folder, FileName), path);
        session.Console.Result($"Explore:    {session.ForPeople(path)}");
    }
}
