using Osteon.Abstractions;

namespace Osteon.Tracking;

/// <summary>One run of a <see cref="TrackingStore"/>. For any number of threads; no call throws, and none waits for more than the disk.</summary>
public sealed class RunLog : IRunLog, IDisposable
{
    private readonly TrackingStore _store;
    private readonly RunFolder _folder;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _told = [];
    private int _ended;

    internal RunLog(TrackingStore store, RunFolder folder, JournalWriter journal) => (_store, _folder, Journal) = (store, folder, journal);

    /// <inheritdoc/>
    /// <remarks>The embedded store's own id; on a server the tag <see cref="RunTags.Run"/>, for there the server chooses ids.</remarks>
    public string RunId => _folder.RunId;

    internal JournalWriter Journal { get; }

    /// <inheritdoc/>
    /// <remarks>At most 6000 characters; longer values are cut, with a warning. A different later value is refused, with a warning.</remarks>
    public void Param(string key, string value) => Append(new ParamEvent(Name(key), Cut(key, value, Limits.ParamValue)));

    /// <inheritdoc/>
    /// <remarks>The time is now. What the page shows as the latest is the value of the greatest step, whichever came last.</remarks>
    public void Metric(string key, double value, long step = 0) => Append(new MetricEvent(Name(key), value, step, _store.Now));

    /// <inheritdoc/>
    /// <remarks>At most 5000 characters; longer values are cut, with a warning.</remarks>
    public void Tag(string key, string value) => Append(new TagEvent(Name(key), Cut(key, value, Limits.TagValue)));

    /// <inheritdoc/>
    /// <remarks>The file is copied before the call returns, so it may change or go afterwards.</remarks>
    public void Artifact(string file, string folder = "") => Stage(file, () => _folder.Stage(file, folder));

    /// <summary>Something without a file, under the run's artifacts.</summary>
    /// <param name="target">Its place, '/' between folders.</param>
    /// <param name="content">Its bytes.</param>
    public void Artifact(string target, ReadOnlyMemory<byte> content) => Stage(target, () =>
    {
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        return _folder.Stage(stream, target);
    });

    /// <summary>Names data the run read.</summary>
    /// <param name="name">The data set.</param>
    /// <param name="digest">A hash of its content; MLflow keeps the first 36 characters.</param>
    /// <param name="source">Where it lies.</param>
    /// <param name="context">What for: training, validation, test.</param>
    public void LogDataset(string name, string digest, string source, string context) => Append(new DatasetEvent(
        Limits.Cut(name, Limits.DatasetName), Limits.Cut(digest, Limits.DatasetDigest), Limits.Cut(source, Limits.DatasetSource), Limits.Cut(context, Limits.Key)));

    /// <summary>Closes the run. Only the first call counts, and what is logged later is left out.</summary>
    public void End(RunStatus status)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            Journal.Append(new EndEvent(status, _store.Now));
            Journal.Sync();
            _store.Forget(this);
        }
    }

    /// <summary>Ends the run as FAILED unless <see cref="End"/> came first: an exception is passing by.</summary>
    public void Dispose() => End(RunStatus.Failed);

    private void Append(RunEvent item)
    {
        if (Volatile.Read(ref _ended) == 0)
        {
            Journal.Append(item);
        }
        else
        {
            WarnOnce("", $"tracking: run {RunId} has ended; what is logged to it now is left out");
        }
    }

    private void Stage(string what, Func<ArtifactEvent> stage)
    {
        try
        {
            Append(stage());
        }
        catch (Exception error)
        {
            _store.Warn($"tracking: artifact '{what}' of run {RunId} is left out ({error.Message})");
        }
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
