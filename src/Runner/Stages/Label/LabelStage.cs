using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>Finds the class of each image, where images are classified: labels.json. Nothing is judged here; Check names images without one.</summary>
public sealed class LabelStage : Stage
{
    /// <inheritdoc/>
    public override string Name => "Label";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IEnumerable<Unit> Units(ExperimentSession session)
    {
        if (!session.Classifies)
        {
            yield break;
        }

        var inputs = session.HashesOf("Convert");
        foreach (var file in LabelSource.Of(session.Plan).Files)
        {
            var full = Path.GetFullPath(file, session.Options.Root);
            inputs[file] = File.Exists(full) ? session.Hashes.OfFile(full) : throw new ConfigurationException($"labels: the file {file} does not exist. It is looked for from the working directory.");
        }

        yield return new Unit(Name, string.Empty, new JsonObject { ["labels"] = PlanSlices.OfValue(session.Plan.Labels) }, new Dictionary<string, string>(), inputs);
    }

    /// <inheritdoc/>
    public override Task RunAsync(UnitRun run, CancellationToken cancellation)
    {
        var store = CaseStore.Open(run.Input("Convert"));
        var labels = LabelSource.Of(run.Plan).Of(store, run.Session.Options.Root);
        labels.Save(run.Folder);
        run.Headline("labelled", labels.ByCase.Count);
        run.Headline("classes", labels.Classes.Count);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Conclude(ExperimentSession session)
    {
        var labels = CaseLabels.Load(session.OutputOf(Name).Folder);
        var counts = labels.Count(CaseStore.Open(session.OutputOf("Convert").Folder).Cases);
        session.Console.Info($"  {string.Join(", ", labels.Classes.Select((c, k) => $"{c} {counts[k]}"))}{(labels.Unlabelled.Count > 0 ? $", without a label {labels.Unlabelled.Count}" : "")}");
    }
}
