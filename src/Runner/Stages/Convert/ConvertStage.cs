using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;

namespace Osteon.Runner;

/// <summary>Raw files → case store, one for each size that networks see; see <see cref="Conversion"/> and <see cref="StoredSizes"/>.</summary>
public sealed class ConvertStage : Stage
{
    /// <inheritdoc/>
    public override string Name => StoredSizes.Input;

    /// <inheritdoc/>
    public override int Version => 5;

    /// <inheritdoc/>
    public override IEnumerable<Unit> Units(ExperimentSession session)
    {
        foreach (var size in StoredSizes.Of(session.Plan))
        {
            yield return UnitOf(session, size);
        }
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
            run.Session.Plugins.Create<DatasetFormat>(plan.Data.Format), run.Session.SourceRoot, plan.Data.Classes, (int)run.Unit.Config["size"]!, run.Folder,
            (done, total) => line.Report(done, total, "cases"), cancellation, plan.Convert, plan.Data.Mode));
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

    private static Unit UnitOf(ExperimentSession session, int size)
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
            ["size"] = size,
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

        if (session.Plan.Convert.Crop is Cropping.Nonzero)
        {
            config["crop"] = "nonzero";
        }

        if (session.Plan.Convert.Resampling is ResamplingKind.Spline)
        {
            config["resampling"] = "spline";
        }

        return new Unit(StoredSizes.Input, StoredSizes.CellOf(session.Plan, size), config, session.Digests((PluginKind.Of<DatasetFormat>(), data.Format.Name)), inputs);
    }
}
