using System.Text;
using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using Osteon.Tracking;

namespace Osteon.Runner;

/// <summary>
/// Runs in MLflow for a command that makes something, nested: the experiment, in it a run a model, in that the units of its folds;
/// units without a model lie beside the models. A no-op command leaves no run.
/// </summary>
public sealed class SessionTracking : IDisposable
{
    /// <summary>Journals of runs, below .osteon/.</summary>
    public const string Spool = "tracking";

    /// <summary>The embedded store's folder, below .osteon/, unless something names another place.</summary>
    public const string Embedded = "mlflow";

    private readonly ExperimentSession _session;
    private readonly Lock _sync = new();
    private readonly Dictionary<string, Nested> _models = new(StringComparer.Ordinal);
    private readonly Lazy<SessionFacts> _facts;
    private TrackingStore? _store;
    private SystemMonitor? _monitor;
    private Nested? _experiment;

    /// <summary>Reads where runs go; nothing is opened before something is made.</summary>
    /// <exception cref="ConfigurationException">The place is no place, or a setting for it is wrong.</exception>
    public SessionTracking(ExperimentSession session)
    {
        _session = session;
        _facts = new(() => new SessionFacts(session));
        var planned = session.Plan.Tracking.Uri;
        if (Uri.TryCreate(planned, UriKind.Absolute, out var address) && address.UserInfo.Length > 0)
        {
            throw new ConfigurationException(
                "tracking.uri holds a name or a password, which would be written into plan.yaml and sent along; leave it out and set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.");
        }

        Location = TrackingLocation.Resolve(Variable(TrackingLocation.Variable) ?? planned, session.StateFolder(Embedded));
    }

    /// <summary>Where runs go.</summary>
    public TrackingLocation Location { get; }

    /// <summary>The same, for people.</summary>
    public string Place => Location.Folder is { } folder ? _session.ForPeople(folder) : Location.ToString();

    /// <summary>The command's own run, if something was made; null otherwise.</summary>
    public RunLog? Parent => _experiment?.Log;

    /// <summary>The id of the command's own run, which begins when it is first asked for.</summary>
    public string ExperimentRun()
    {
        lock (_sync)
        {
            Open();
            return _session.Options.ParentRun ?? Experiment().Log.RunId;
        }
    }

    /// <summary>The id of the run that a unit's run is nested in; it begins with the first that is asked for.</summary>
    public string ParentOf(Unit unit)
    {
        lock (_sync)
        {
            Open();
            return _session.Options.ParentRun ?? (ModelOf(unit) is { } model ? Model(model) : Experiment()).Log.RunId;
        }
    }

    /// <summary>Begins a unit's run.</summary>
    public UnitLog StartUnit(Unit unit, string key)
    {
        lock (_sync)
        {
            var parent = ParentOf(unit);
            var tags = new Dictionary<string, string>(_facts.Value.Tags)
            {
                [RunTags.Level] = "unit",
                [RunTags.Stage] = unit.Stage,
                [RunTags.UnitKey] = key,
            };
            if (ModelOf(unit) is { } model)
            {
                tags[RunTags.Model] = model;
                tags[RunTags.Fold] = FormattableString.Invariant($"{Member.Of(_session.Plan, unit.Cell).Fold}");
            }

            foreach (var (plugin, digest) in unit.Plugins)
            {
                tags[RunTags.Plugin + plugin] = digest;
            }

            var log = _store!.StartRun(ExperimentName, _session.NameOf(unit), parent, tags, experimentId: ExperimentId);
            Params(log, unit.Config);
            _facts.Value.TellInputs(log, unit);
            _monitor?.Add(log);
            return new UnitLog(log, status =>
            {
                _monitor?.Remove(log);
                Worsen(unit, status);
            });
        }
    }

    /// <summary>Remembers how the worst unit ended: that is how the runs around it end.</summary>
    public void Worsen(Unit unit, RunStatus status)
    {
        lock (_sync)
        {
            foreach (var around in new[] { _experiment, ModelOf(unit) is { } model ? _models.GetValueOrDefault(model) : null }.OfType<Nested>())
            {
                around.Status = status > around.Status ? status : around.Status;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _monitor?.Dispose();
        foreach (var (name, model) in _models)
        {
            TellMeans(name, model.Log);
            model.Log.End(model.Status);
        }

        if (_experiment is not null)
        {
            foreach (var (name, value) in _session.Published("Ensemble")?.Metrics ?? new Dictionary<string, double>())
            {
                _experiment.Log.Metric(name, value);
            }

            _experiment.Log.End(_experiment.Status);
        }

        _store?.Dispose();
    }

    // MLflow's own client knows these too; the name wins.
    private static string? GivenName => Variable("MLFLOW_EXPERIMENT_NAME");

    private string ExperimentName => GivenName ?? _session.Plan.Name;

    private static string? ExperimentId => GivenName is null ? Variable("MLFLOW_EXPERIMENT_ID") : null;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    private void Open()
    {
        if (_store is null)
        {
            _monitor = _session.Plan.Tracking.SystemMetrics ? SystemMonitor.Start(_session.Options.Root, Environment.GetEnvironmentVariable) : null;
            _store = TrackingStore.Open(Location, _session.StateFolder(Spool), _session.Clock, _session.Console.Warn);
        }
    }

    private string? ModelOf(Unit unit) => unit.Cell.Length > 0 ? Member.Of(_session.Plan).FirstOrDefault(m => m.Cell == unit.Cell)?.Model : null;

    private Nested Experiment()
    {
        if (_experiment is not null)
        {
            return _experiment;
        }

        var plan = PlanSlices.Json(_session.Plan);
        plan.Remove("tracking");
        var outer = _session.Outer?.Tracking.ExperimentRun();       // a sweep's, of which this is a point
        var log = _store!.StartRun(ExperimentName, _session.Options.Point ?? _session.Plan.Name, outer, new Dictionary<string, string>(_facts.Value.Tags)
        {
            [RunTags.Level] = outer is null ? "experiment" : "point",
            [RunTags.Config] = PlanSlices.Digest(_session.Plan),
        }, outer is null ? Variable("MLFLOW_RUN_ID") : null, ExperimentId);
        _experiment = new Nested(log);
        Params(log, plan);
        if (_session.Plan.Description.Length > 0)
        {
            log.Tag("mlflow.note.content", _session.Plan.Description);
        }

        if (outer is null)
        {
            AtomicFile.WriteAllText(Path.Combine(_session.RunFolder, "plan.yaml"), _session.PlanWithOrigins());
        }

        log.Artifact("plan.yaml", Encoding.UTF8.GetBytes(_session.PlanWithOrigins()));
        log.Artifact("environment.json", _facts.Value.ToJson());
        _monitor?.Add(log);
        return _experiment;
    }

    private Nested Model(string name)
    {
        if (!_models.TryGetValue(name, out var model))
        {
            var log = _store!.StartRun(ExperimentName, name, Experiment().Log.RunId, new Dictionary<string, string>(_facts.Value.Tags)
            {
                [RunTags.Level] = "model",
                [RunTags.Model] = name,
            }, experimentId: ExperimentId);
            Params(log, PlanSlices.Json(_session.Plan.Models[name]));
            _models[name] = model = new Nested(log);
        }

        return model;
    }

    private static void Params(RunLog log, System.Text.Json.Nodes.JsonObject settings)
    {
        foreach (var (name, value) in Flatten.Of(settings))
        {
            log.Param(name, value);
        }
    }

    /// <summary>A model's headline numbers: means over its folds, of stages that all of them have been through.</summary>
    private void TellMeans(string model, RunLog log)
    {
        foreach (var stage in new[] { "Train", "Validate", "Infer" })
        {
            var members = (stage == "Train" ? Member.Of(_session.Plan) : Member.Predicting(_session.Plan)).Where(m => m.Model == model).ToArray();
            var results = members.Select(m => _session.Published(m.UnitOf(stage))).OfType<UnitResult>().ToArray();
            if (results.Length < members.Length)
            {
                continue;
            }

            foreach (var name in results.SelectMany(r => r.Metrics.Keys).Distinct().Where(n => results.All(r => r.Metrics.ContainsKey(n))))
            {
                log.Metric(name, results.Average(r => r.Metrics[name]));
            }
        }
    }

    private sealed class Nested(RunLog log)
    {
        public RunLog Log { get; } = log;

        public RunStatus Status { get; set; } = RunStatus.Finished;
    }
}

/// <summary>A unit's run, ended once.</summary>
public sealed class UnitLog(RunLog log, Action<RunStatus> ended) : IDisposable
{
    private bool _done;

    /// <summary>Where the unit tells what it does.</summary>
    public IRunLog Log => log;

    /// <summary>Ends the run.</summary>
    public void End(RunStatus status)
    {
        _done = true;
        log.End(status);
        ended(status);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_done)
        {
            End(RunStatus.Failed);
        }

        log.Dispose();
    }
}
