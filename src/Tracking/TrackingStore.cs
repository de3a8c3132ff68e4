namespace Osteon.Tracking;

/// <summary>
/// Runs in MLflow's own SQLite tables, <c>mlflow.db</c> with <c>mlartifacts/</c> beside it: a plain <c>mlflow server</c> started in
/// the folder shows them, and the folder can be moved. Several processes may write at the same time. Nothing here throws into a run:
/// a store that cannot be written is told of by <c>warn</c>, and the run goes on.
/// </summary>
public sealed class TrackingStore : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly Warnings _warnings;
    private readonly ArtifactFolder _artifacts;
    private readonly BackgroundWriter _writer;
    private readonly Lock _gate = new();
    private readonly HashSet<RunLog> _open = [];

    private TrackingStore(string folder, TimeProvider clock, Action<string> warn)
    {
        Folder = Path.GetFullPath(folder);
        DatabasePath = Path.Combine(Folder, TrackingLocation.DatabaseName);
        _clock = clock;
        _warnings = new Warnings(warn);
        _artifacts = new ArtifactFolder(Path.Combine(Folder, "mlartifacts"));
        _writer = new BackgroundWriter(new SqliteSink(DatabasePath, _artifacts, clock, _warnings.Tell), DatabasePath, _warnings.Tell);
    }

    /// <summary>The folder, absolute.</summary>
    public string Folder { get; }

    /// <summary>The database in it.</summary>
    public string DatabasePath { get; }

    /// <summary>Opens the folder's store in the background, creating it where there is none and closing runs that a dead process left running.</summary>
    /// <param name="folder">See <see cref="TrackingLocation.Resolve"/>.</param>
    /// <param name="clock">The time of runs and metrics.</param>
    /// <param name="warn">One line a call; called from any thread, one call at a time.</param>
    public static TrackingStore Open(string folder, TimeProvider clock, Action<string> warn) => new(folder, clock, warn);

    /// <summary>Begins a run.</summary>
    /// <param name="experiment">The experiment's name; created where there is none.</param>
    /// <param name="runName">The name shown.</param>
    /// <param name="parentRunId">The run this one is nested in: the experiment's run for a unit, null for that one.</param>
    /// <param name="tags">More facts, e.g. <see cref="GitFacts.ToTags"/>; they win over the store's own.</param>
    /// <returns>The run; disposing it without <see cref="RunLog.End"/> marks it FAILED.</returns>
    public RunLog StartRun(string experiment, string runName, string? parentRunId, IReadOnlyDictionary<string, string> tags)
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
        if (parentRunId is not null)
        {
            all[RunTags.ParentRunId] = parentRunId;
        }

        foreach (var (key, value) in tags)
        {
            all[Limits.Name(key)] = Limits.Cut(value, Limits.TagValue);
        }

        var run = new RunLog(this, Guid.NewGuid().ToString("N"));
        lock (_gate)
        {
            _open.Add(run);
        }

        _writer.Append(new StartEvent(
            run.RunId,
            string.IsNullOrWhiteSpace(experiment) ? "Default" : Limits.Cut(experiment, Limits.ExperimentName),
            name,
            all[RunTags.User],
            Now,
            all));
        return run;
    }

    /// <summary>Waits until all that was logged so far is in the database, an attempt has failed, or the time is up.</summary>
    /// <returns>True when it is there.</returns>
    public bool Flush(TimeSpan limit) => _writer.Flush(limit);

    /// <summary>Marks runs still open KILLED and writes what is left.</summary>
    public void Dispose()
    {
        RunLog[] open;
        lock (_gate)
        {
            open = [.. _open];
        }

        foreach (var run in open)
        {
            run.Close(Abstractions.RunStatus.Killed);
        }

        _writer.Dispose();
    }

    internal long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    internal void Append(RunEvent item) => _writer.Append(item);

    internal void Warn(string message) => _warnings.Tell(message);

    internal ArtifactEvent Stage(string runId, string file, string folder) => _artifacts.Stage(runId, file, folder);

    internal void Forget(RunLog run)
    {
        lock (_gate)
        {
            _open.Remove(run);
        }
    }
}
