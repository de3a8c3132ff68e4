namespace Osteon.Tracking;

/// <summary>
/// Runs on their way to MLflow: its own SQLite tables, <c>mlflow.db</c> with <c>mlartifacts/</c> beside it, or a server. Every event
/// goes to the run's journal on disk first and is delivered from there in the background. Several processes may write at the same
/// time. Nothing here throws into a run or waits for a network: what fails is told of by <c>warn</c>, and the run goes on.
/// </summary>
public sealed class TrackingStore : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly string _spool;
    private readonly string _destination;
    private readonly TimeProvider _clock;
    private readonly Warnings _warnings;
    private readonly Sender _sender;
    private readonly Lock _gate = new();
    private readonly HashSet<RunLog> _open = [];
    private readonly Timer _beat;
    private bool _disposed;
    private int _syncing;

    private TrackingStore(TrackingLocation location, string spool, TimeProvider clock, Action<string> warn)
    {
        Location = location;
        _spool = Path.GetFullPath(spool);
        _destination = location.Spell(_spool);
        _clock = clock;
        _warnings = new Warnings(warn);
        _sender = new Sender(location.OpenSink(_spool, _warnings.Tell), _spool, _destination, clock, _warnings.Tell);
        _beat = new Timer(_ => SyncJournals(), null, Beat, Beat);
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    /// <summary>Where runs go.</summary>
    public TrackingLocation Location { get; }

    /// <summary>Opens a store in the background, creating it where there is none and taking up what dead processes left undelivered.</summary>
    /// <param name="location">Where runs go.</param>
    /// <param name="spool">The folder of journals, a folder a run; made when the first run begins.</param>
    /// <param name="clock">The time of runs and metrics.</param>
    /// <param name="warn">One line a call; called from any thread, one call at a time.</param>
    public static TrackingStore Open(TrackingLocation location, string spool, TimeProvider clock, Action<string> warn) => new(location, spool, clock, warn);

    /// <summary>Begins a run.</summary>
    /// <param name="experiment">The experiment's name; created where there is none.</param>
    /// <param name="runName">The name shown.</param>
    /// <param name="parentRunId">The run this one is nested in, by the id it has here; null: none.</param>
    /// <param name="tags">More facts, e.g. <see cref="GitFacts.ToTags"/>; they win over the store's own.</param>
    /// <param name="existing">MLflow's id of a run to go on with instead of a new one (MLFLOW_RUN_ID); null: a new one.</param>
    /// <param name="experimentId">MLflow's id of an experiment to go to instead (MLFLOW_EXPERIMENT_ID); where there is none, that is told, and the name counts. Null: none.</param>
    /// <returns>The run; disposing it without <see cref="RunLog.End"/> marks it FAILED.</returns>
    public RunLog StartRun(string experiment, string runName, string? parentRunId, IReadOnlyDictionary<string, string> tags, string? existing = null, string? experimentId = null)
    {
        var name = Limits.Cut(runName, Limits.RunName);
        var owner = ProcessIdentity.Current;
        var all = new Dictionary<string, string>
        {
            [RunTags.RunName] = name,
            [RunTags.User] = Environment.UserName,
            [RunTags.SourceName] = Path.GetFileName(Environment.GetCommandLineArgs().FirstOrDefault() ?? ""),
            [RunTags.SourceType] = "LOCAL",
            [RunTags.Host] = owner.Host,
            [RunTags.ProcessId] = FormattableString.Invariant($"{owner.ProcessId}"),
            [RunTags.ProcessStart] = owner.Start,
        };
        foreach (var (key, value) in tags)
        {
            all[Limits.Name(key)] = Limits.Cut(value, Limits.TagValue);
        }

        var folder = new RunFolder(Path.Combine(_spool, Guid.NewGuid().ToString("N")));
        all[RunTags.Run] = folder.RunId;
        var writer = new JournalWriter(folder, _warnings.Tell);
        var run = new RunLog(this, folder, writer);
        lock (_gate)
        {
            _open.Add(run);
        }

        writer.Append(new StartEvent(
            folder.RunId,
            _destination,
            string.IsNullOrWhiteSpace(experiment) ? "Default" : Limits.Cut(experiment, Limits.ExperimentName),
            name,
            all[RunTags.User],
            Now,
            parentRunId ?? string.Empty,
            existing ?? string.Empty,
            all) { ExperimentId = experimentId ?? string.Empty });
        _sender.Add(folder, writer);
        _sender.Hurry();
        return run;
    }

    /// <summary>Waits until all that was logged so far has arrived, an attempt has failed, or the time is up.</summary>
    /// <returns>True when it has arrived.</returns>
    public bool Flush(TimeSpan limit) => !_disposed && _sender.Flush(limit);

    /// <summary>Marks runs still open KILLED and delivers what is left: for a minute at most, and not while nothing moves. The rest stays in the journals.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        _beat.Dispose();
        CloseRuns();
        _sender.Dispose();
    }

    internal long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    internal void Warn(string message) => _warnings.Tell(message);

    internal void Forget(RunLog run)
    {
        lock (_gate)
        {
            _open.Remove(run);
        }

        _sender.Hurry();
    }

    // Leaving by another way than the end of the program: the journals at least are to say so.
    private void OnExit(object? sender, EventArgs e) => CloseRuns();

    private RunLog[] OpenRuns()
    {
        lock (_gate)
        {
            return [.. _open];
        }
    }

    private void CloseRuns()
    {
        foreach (var run in OpenRuns())
        {
            run.End(Abstractions.RunStatus.Killed);
        }
    }

    private void SyncJournals()
    {
        // A disk that takes longer than the timer is not asked twice at a time.
        if (Interlocked.Exchange(ref _syncing, 1) != 0)
        {
            return;
        }

        foreach (var run in OpenRuns())
        {
            run.Journal.Sync();
            run.Journal.Beat(TimeProvider.System.GetUtcNow().UtcDateTime);
        }

        Volatile.Write(ref _syncing, 0);
    }
}
