using System.Text.Json.Nodes;
using Osteon.Datasets;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>Decides who trains, who validates and who tests; patients never part.</summary>
public sealed class SplitStage : Stage
{
    /// <summary>The file in the stage's folder.</summary>
    public const string FileName = "split.json";

    /// <inheritdoc/>
    public override string Name => "Split";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IEnumerable<Unit> Units(ExperimentSession session)
    {
        var config = new JsonObject { ["split"] = PlanSlices.Json(session.Plan.Split), ["seed"] = session.Plan.Seed };
        yield return new Unit(Name, string.Empty, config, new Dictionary<string, string>(), session.HashesOf("Convert", "Check"));
    }

    /// <inheritdoc/>
    public override Task RunAsync(UnitRun run, CancellationToken cancellation)
    {
        var store = CaseStore.Open(run.Input("Convert"));
        var cases = store.Cases
            .Select(c => (c, c.Labelled ? store.ReadTruth(c).Select(m => m.Area).ToArray() : new long[store.Classes.Count]))
            .ToArray();
        var split = Splitter.Create(cases, run.Plan.Split, run.Plan.Seed, store.Classes);
        split.Verify(store.Cases);
        split.Save(Path.Combine(run.Folder, FileName));
        run.Headline("test_cases", split.Test.Count);
        return Task.CompletedTask;
    }
}
