using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Reporting;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>Everything worth knowing about the experiment in one HTML file.</summary>
public sealed class ReportStage : Stage
{
    private const string FileName = "report.html";

    /// <inheritdoc/>
    public override string Name => "Report";

    /// <inheritdoc/>
    public override int Version => 8;

    /// <inheritdoc/>
    public override IEnumerable<Unit> Units(ExperimentSession session)
    {
        var members = Member.Of(session.Plan).ToArray();
        var config = new JsonObject { ["report"] = PlanSlices.Json(session.Plan.Report), ["ignore"] = PlanSlices.Json(session.Plan.Check)["ignore"]!.DeepClone() };
        if (session.Classifies)
        {
            config["task"] = "classification";
        }

        UndecidedPixels.AddTo(config, session);
        yield return new Unit(Name, string.Empty, config, new Dictionary<string, string>(),
            session.HashesOf(["Convert", "Check", "Split", .. session.Labels, .. session.Inputs, .. members.Select(m => m.UnitOf("Train")), .. Member.Predicting(session.Plan).SelectMany(m => new[] { m.UnitOf("Validate"), m.UnitOf("Infer") }), "Ensemble"]));
    }

    /// <inheritdoc/>
    public override Task RunAsync(UnitRun run, CancellationToken cancellation)
    {
        var file = Path.Combine(run.Folder, FileName);
        if (run.Session.Classifies)
        {
            var classified = new ClassificationReport(run.Session).Build(cancellation);
            ReportWriter.Write(classified, file);
            foreach (var one in classified.Classification!.Worst)
            {
                run.Artifact($"cases/{FileNameOf(one.CaseId)}.png", one.Png, experiment: true);
            }

            run.Log.Artifact(file);
            run.Session.Tracking.Parent?.Artifact(file);
            return Task.CompletedTask;
        }

        var builder = new ReportBuilder(run.Session);
        var metrics = builder.Measure(cancellation);
        metrics.Save(run.Folder);
        metrics.Tell(run.Log);
        var errors = builder.Errors(cancellation);
        errors.Save(run.Folder);
        var model = builder.Build(metrics, errors, cancellation);
        ReportWriter.Write(model, file);
        foreach (var overlay in model.Overlays)
        {
            run.Artifact($"overlays/{FileNameOf(overlay.CaseId)}.png", overlay.Png, experiment: true);
        }

        run.Log.Artifact(Path.Combine(run.Folder, ErrorTable.FileName));
        run.Log.Artifact(file);
        run.Session.Tracking.Parent?.Artifact(file);
        return Task.CompletedTask;
    }

    // A case may be named by a path.
    private static string FileNameOf(string id) => string.Concat(id.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_')).Trim('.');

    /// <inheritdoc/>
    public override void Conclude(ExperimentSession session)
    {
        string[] scores = session.Classifies ? [] : [MetricTable.FileName, ErrorTable.FileName];
        foreach (var name in scores.Prepend(FileName))
        {
            AtomicFile.Copy(Path.Combine(session.OutputOf(Name).Folder, name), Path.Combine(session.RunFolder, name));
        }

        session.Console.Result($"Report:     {session.ForPeople(Path.Combine(session.RunFolder, FileName))}");
        session.Console.Result($"MLflow:     {session.Tracking.Place}{(session.Tracking.Location.IsServer ? "" : "  (run 'mlflow server' there to browse)")}");
    }
}
