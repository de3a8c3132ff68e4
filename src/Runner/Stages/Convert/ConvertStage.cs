using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;

namespace Osteon.Runner;

/// <summary>
/// Raw files → case store. What cannot be read, or lies outside its image, becomes a finding for Check to judge, so that one
/// run names every broken file.
/// </summary>
public sealed class ConvertStage : Stage
{
    /// <inheritdoc/>
    public override string Name => "Convert";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IEnumerable<Unit> Units(ExperimentSession session)
    {
        var data = session.Plan.Data;
        var inputs = data.Synthesize is null
            ? new Dictionary<string, string> { ["source"] = session.Hashes.OfFolder(session.SourceRoot, CancellationToken.None) }
            : session.HashesOf("Synthesize");
        var config = new JsonObject
        {
            ["format"] = PlanSlices.Json(data.Format),
            ["classes"] = new JsonArray([.. data.Classes.Select(c => (JsonNode)c)]),
            ["mode"] = data.Mode.ToString(),
            ["size"] = session.Plan.Convert.Size,
        };
        yield return new Unit(Name, string.Empty, config, session.Digests((PluginKind.Of<DatasetFormat>(), data.Format.Name)), inputs);
    }

    /// <inheritdoc/>
    public override Task RunAsync(UnitRun run, CancellationToken cancellation)
    {
        var plan = run.Plan;
        var root = run.Session.SourceRoot;
        var format = run.Session.Plugins.Create<DatasetFormat>(plan.Data.Format);
        var classes = plan.Data.Classes.Count > 0 ? plan.Data.Classes : format.Classes;
        var index = format.Index(root);
        if (index.Cases.Count == 0)
        {
            throw new ConfigurationException($"{root} holds no case in the layout '{plan.Data.Format.Name}'.");
        }

        var writer = new CaseStoreWriter(run.Folder, classes);
        var conversion = new CaseConversion(format, root, classes, plan.Convert.Size);
        var findings = new ConcurrentBag<Finding>(index.Findings);
        var stored = new StoredCase?[index.Cases.Count];
        using var line = run.Session.Console.Progress(run.Unit.Id);
        var done = 0;
        Parallel.For(0, stored.Length, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            stored[i] = conversion.Convert(index.Cases[i], writer, findings);
            line.Report(Interlocked.Increment(ref done), stored.Length, "cases");
        });
        writer.Finish([.. stored.OfType<StoredCase>()]);
        FindingsFile.Save(run.Folder, findings);
        run.Headline("cases", stored.Count(c => c is not null));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Conclude(ExperimentSession session)
    {
        if (session.Plan.Data.Synthesize is null)
        {
            DataManifest.Write(DataManifest.PathBeside(session.Lock.Path), session.Hashes.FilesOf(session.SourceRoot, CancellationToken.None));
        }
    }
}
