using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using Osteon.Tracking;

namespace Osteon.Runner;

/// <summary>One parent run in MLflow for a command that makes something, a child for each unit made. A no-op command leaves no run.</summary>
public sealed class SessionTracking(ExperimentSession session) : IDisposable
{
    private readonly Lock _sync = new();
    private TrackingStore? _store;
    private RunLog? _parent;
    private RunStatus _status = RunStatus.Finished;

    /// <summary>The folder of mlflow.db, for people.</summary>
    public string Folder => TrackingLocation.Resolve(Environment.GetEnvironmentVariable("MLFLOW_TRACKING_URI"), session.StateFolder("mlflow"));

    /// <summary>The command's own run, if something was made; null otherwise.</summary>
    public IRunLog? Parent => _parent;

    /// <summary>The id of the run that units belong to, which begins with the first of them.</summary>
    public string ParentRun()
    {
        lock (_sync)
        {
            _store ??= TrackingStore.Open(Folder, session.Clock, session.Console.Warn);
            return session.Options.ParentRun ?? (_parent ??= StartParent(_store)).RunId;
        }
    }

    /// <summary>Begins a unit's run.</summary>
    public UnitLog StartUnit(Unit unit, string key)
    {
        lock (_sync)
        {
            var parent = ParentRun();
            var log = _store!.StartRun(session.Plan.Name, unit.Id, parent, new Dictionary<string, string>
            {
                [RunTags.Stage] = unit.Stage,
                [RunTags.UnitKey] = key,
            });
            foreach (var (name, value) in Flatten.Of(unit.Config))
            {
                log.Param(name, value);
            }

            return new UnitLog(log, status => Worsen(status));
        }
    }

    /// <summary>Remembers how the worst unit ended: that is how the parent ends.</summary>
    public void Worsen(RunStatus status)
    {
        lock (_sync)
        {
            _status = status > _status ? status : _status;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _parent?.End(_status);
        _parent?.Dispose();
        _store?.Dispose();
    }

    private RunLog StartParent(TrackingStore store)
    {
        var plan = PlanText.ToYaml(session.Plan);
        var tags = new Dictionary<string, string>(GitFacts.Read(session.Options.Root)?.ToTags() ?? new Dictionary<string, string>())
        {
            [RunTags.Config] = CanonicalJson.Hash(PlanSlices.Json(session.Plan)),
        };
        var parent = store.StartRun(session.Plan.Name, session.Plan.Name, null, tags);
        foreach (var (name, value) in Flatten.Of(PlanSlices.Json(session.Plan)))
        {
            parent.Param(name, value);
        }

        var file = Path.Combine(session.RunFolder, "plan.yaml");
        AtomicFile.WriteAllText(file, plan);
        parent.Artifact(file);
        return parent;
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
