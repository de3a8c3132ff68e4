using Osteon.Abstractions;

namespace Osteon.Tracking;

/// <summary>One run of a <see cref="TrackingStore"/>. For any number of threads; no call throws or waits for the database.</summary>
public sealed class RunLog : IRunLog, IDisposable
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(5);

    private readonly TrackingStore _store;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _told = [];
    private int _ended;

    internal RunLog(TrackingStore store, string runId) => (_store, RunId) = (store, runId);

    /// <inheritdoc/>
    public string RunId { get; }

    /// <inheritdoc/>
    /// <remarks>At most 6000 characters; longer values are cut, with a warning. A different later value is refused, with a warning.</remarks>
    public void Param(string key, string value) =>
        _store.Append(new ParamEvent(RunId, Name(key), Cut(key, value, Limits.ParamValue)));

    /// <inheritdoc/>
    /// <remarks>The time is now. What the page shows as the latest is the value of the greatest step, whichever came last.</remarks>
    public void Metric(string key, double value, long step = 0) =>
        _store.Append(new MetricEvent(RunId, Name(key), value, step, _store.Now));

    /// <inheritdoc/>
    /// <remarks>At most 5000 characters; longer values are cut, with a warning.</remarks>
    public void Tag(string key, string value) =>
        _store.Append(new TagEvent(RunId, Name(key), Cut(key, value, Limits.TagValue)));

    /// <inheritdoc/>
    /// <remarks>The file is copied before the call returns, so it may change or go afterwards.</remarks>
    public void Artifact(string file, string folder = "")
    {
        try
        {
            _store.Append(_store.Stage(RunId, file, folder));
        }
        catch (Exception error)
        {
            _store.Warn($"tracking: artifact '{file}' of run {RunId} is left out ({error.Message})");
        }
    }

    /// <summary>Names data the run read.</summary>
    /// <param name="name">The data set.</param>
    /// <param name="digest">A hash of its content; MLflow keeps the first 36 characters.</param>
    /// <param name="source">Where it lies.</param>
    /// <param name="context">What for: training, validation, test.</param>
    public void LogDataset(string name, string digest, string source, string context) => _store.Append(new DatasetEvent(
        RunId, Limits.Cut(name, Limits.DatasetName), Limits.Cut(digest, Limits.DatasetDigest), source, Limits.Cut(context, Limits.Key)));

    /// <summary>Closes the run and waits a few seconds at most for all of it to be written. Only the first call counts.</summary>
    public void End(RunStatus status)
    {
        if (Close(status))
        {
            _store.Flush(LongestEnd);
        }
    }

    /// <summary>Ends the run as FAILED unless <see cref="End"/> came first: an exception is passing by.</summary>
    public void Dispose() => End(RunStatus.Failed);

    /// <summary>Queues the end.</summary>
    /// <returns>False when the run has ended before.</returns>
    internal bool Close(RunStatus status)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return false;
        }

        _store.Append(new EndEvent(RunId, status, _store.Now));
        _store.Forget(this);
        return true;
    }

    private string Name(string key)
    {
        var name = Limits.Name(key);
        if (!ReferenceEquals(name, key) && name != key)
        {
            WarnOnce(key, $"tracking: '{Limits.Cut(key, 80)}' is written as '{Limits.Cut(name, 80)}'; allowed are letters, digits, _ - . space : and / between parts, {Limits.Key} at most");
        }

        return name;
    }

    private string Cut(string key, string value, int length)
    {
        var cut = Limits.Cut(value, length);
        if (cut.Length < value.Length)
        {
            WarnOnce(key, $"tracking: the value of '{Limits.Cut(key, 80)}' has {value.Length} characters and is cut to {length}");
        }

        return cut;
    }

    private void WarnOnce(string key, string message)
    {
        lock (_gate)
        {
            if (!_told.Add(key))
            {
                return;
            }
        }

        _store.Warn(message);
    }
}
