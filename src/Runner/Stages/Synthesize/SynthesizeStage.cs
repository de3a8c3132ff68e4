using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;

namespace Osteon.Runner;

/// <summary>Makes the data set, when the experiment asks for a synthetic one.</summary>
public sealed class SynthesizeStage : Stage
{
    /// <inheritdoc/>
    public override string Name => "Synthesize";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IEnumerable<Unit> Units(ExperimentSession session)
    {
        if (session.Plan.Data.Synthesize is { } choice)
        {
            yield return new Unit(Name, string.Empty, new JsonObject { ["synthesize"] = PlanSlices.Json(choice) },
                session.Digests((PluginKind.Of<Synthesizer>(), choice.Name)), new Dictionary<string, string>());
        }
    }

    /// <inheritdoc/>
    public override Task RunAsync(UnitRun run, CancellationToken cancellation)
    {
        using var line = run.Session.Console.Progress(run.Unit.Id);
        var synthesizer = run.Session.Plugins.Create<Synthesizer>(run.Plan.Data.Synthesize!);
        synthesizer.Synthesize(run.Folder, new Counter(line), cancellation);
        return Task.CompletedTask;
    }

    private sealed class Counter(IProgressLine line) : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value) => line.Report(value.Done, value.Total, "images");
    }
}
