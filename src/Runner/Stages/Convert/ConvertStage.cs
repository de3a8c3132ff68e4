using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;

namespace Osteon.Runner;

/// <summary>Raw files → case store, see <see cref="Conversion"/>.</summary>
public sealed class ConvertStage : Stage
{
    /// <inheritdoc/>
    public override string Name => "Convert";

    /// <inheritdoc/>
    public override int Version => 4;

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
            ["classes"] = new JsonArray([.. session.NamedClasses.Select(c => (JsonNode)c)]),    // options are keyed without their order, which may be the classes'
            ["mode"] = data.Mode.ToString(),
            ["size"] = session.Plan.Convert.Size,
        };
        if (session.FoundInData.Count > 0)
        {
            config["found"] = new JsonObject(session.FoundInData.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value)));
        }

        if (session.PolygonRaster is { } raster)
        {
            config["raster"] = raster;                              // also where the format's default says it
        }

        if (session.Plan.Convert.Spacing is { } spacing)
        {
            config["spacing"] = new JsonArray(spacing.Row, spacing.Column);
        }

        yield return new Unit(Name, string.Empty, config, session.Digests((PluginKind.Of<DatasetFormat>(), data.Format.Name)), inputs);
    }

    /// <inheritdoc/>
    public override Task RunAsync(UnitRun run, CancellationToken cancellation)
    {
        var plan = run.Plan;
        foreach (var (name, value) in run.Session.FoundInData)
        {
            run.Session.Console.Info($"  {name}: {value}");
        }

        using var line = run.Session.Console.Progress(run.Unit.Id);
        run.Headline("cases", Conversion.Run(
            run.Session.Plugins.Create<DatasetFormat>(plan.Data.Format), run.Session.SourceRoot, plan.Data.Classes, plan.Convert.Size, run.Folder,
            (done, total) => line.Report(done, total, "cases"), cancellation, plan.Convert.Spacing));
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
