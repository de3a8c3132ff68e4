namespace Osteon.Tracking;

/// <summary>
/// Brings one journal to its destination. Two cursors pass over it: events in batches, and artifacts one by one, so that a slow
/// upload holds up no metric. Each step may be repeated after a kill: what arrives twice is there once.
/// </summary>
internal sealed class Delivery : IDisposable
{
    private const int BatchSize = 1000;

    private readonly RunFolder _folder;
    private readonly IRunSink _sink;
    private readonly Action<string> _warn;
    private readonly JournalWriter? _writer;
    private readonly FileStream? _lock;
    private readonly Lock _gate = new();
    private DeliveryState _state;
    private JournalReader? _events;
    private JournalReader? _artifacts;
    private StartEvent? _start;
    private long _endAt = long.MaxValue;

    private Delivery(RunFolder folder, string destination, IRunSink sink, JournalWriter? writer, FileStream? owned, Action<string> warn)
    {
        (_folder, _sink, _writer, _lock, _warn) = (folder, sink, writer, owned, warn);
        _state = DeliveryState.Load(folder.Delivered, destination);
    }

    /// <summary>The run's id.</summary>
    public string RunId => _folder.RunId;

    /// <summary>Why it can go no further: its journal cannot be read. Empty: it can.</summary>
    public string Stuck { get; private set; } = string.Empty;

    /// <summary>True while the run it is nested in has to come first.</summary>
    public bool AwaitsParent { get; private set; }

    /// <summary>True when the run has ended and all of it has arrived.</summary>
    public bool IsComplete => State is { } state && Math.Min(state.Events, state.Artifacts) >= _endAt;

    /// <summary>What is delivered so far.</summary>
    public DeliveryState State
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    /// <summary>Where a reader stands that has seen everything logged so far.</summary>
    public long End => _writer?.End ?? new FileInfo(_folder.Journal) switch { { Exists: true } file => file.Length, _ => 0 };

    /// <summary>True while events of the run are not even in the journal.</summary>
    public bool IsUnwritten => _writer?.Unwritten > 0;

    /// <summary>For a run of this process, whose writer holds the folder.</summary>
    public static Delivery OfOwn(RunFolder folder, JournalWriter writer, string destination, IRunSink sink, Action<string> warn) =>
        new(folder, destination, sink, writer, null, warn);

    /// <summary>For a journal of a process that is gone.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="owned">The folder's lock.</param>
    /// <param name="end">The journal's length, its last record being the run's end.</param>
    /// <param name="destination">Where it goes.</param>
    /// <param name="sink">The same, to write to.</param>
    /// <param name="warn">Told of what is left out.</param>
    public static Delivery OfOther(RunFolder folder, FileStream owned, long end, string destination, IRunSink sink, Action<string> warn)
    {
        var delivery = new Delivery(folder, destination, sink, null, owned, warn) { _endAt = end };
        if (delivery._state.RunId.Length == 0)
        {
            // Its process may have asked for the run and not lived to hear the answer.
            delivery._state = delivery._state with { Creations = Math.Max(delivery._state.Creations, 1) };
        }

        return delivery;
    }

    /// <summary>Delivers the next batch of events.</summary>
    /// <returns>False when there is none.</returns>
    /// <exception cref="DeliveryException">Not now.</exception>
    public bool StepEvents(CancellationToken cancellation)
    {
        _writer?.Sync();                                            // what is delivered must not be younger than what lasts
        _events ??= JournalReader.Open(_folder.Journal);
        if (_events is null || !TryStart(_events) || !TryBegin(cancellation))
        {
            return false;
        }

        var state = State;
        _events.Seek(Math.Max(state.Events, _events.Position));
        var batch = new List<RunEvent>();
        var ended = false;
        while (batch.Count < BatchSize && _events.Next() is { } item)
        {
            ended |= item is EndEvent;
            if (item is not (ArtifactEvent or StartEvent))
            {
                batch.Add(item);
            }
        }

        var reached = _events.Position;
        _events.Seek(RecordFrame.Signature.Length);
        if (reached <= Math.Max(state.Events, RecordFrame.Signature.Length))
        {
            return false;
        }

        if (batch.Count > 0 && state.Refused.Length == 0)
        {
            try
            {
                _sink.Write(state, batch, cancellation);
            }
            catch (DeliveryException error) when (error.Failure is DeliveryFailure.Refused or DeliveryFailure.Lost)
            {
                GiveUpOrBeginAgain(error);
                return true;
            }
        }

        Keep(s => s with { Events = reached });
        _endAt = ended ? reached : _endAt;
        return true;
    }

    /// <summary>Delivers the next artifact.</summary>
    /// <returns>False when there is none, or the run is not there yet.</returns>
    /// <exception cref="DeliveryException">Not now.</exception>
    public bool StepArtifacts(CancellationToken cancellation)
    {
        _artifacts ??= JournalReader.Open(_folder.Journal);
        var state = State;
        if (_artifacts is null || state.RunId.Length == 0)
        {
            return false;
        }

        _artifacts.Seek(state.Artifacts);
        while (_artifacts.Next() is { } item)
        {
            if (item is ArtifactEvent artifact && state.Refused.Length == 0 && _folder.Staged(artifact.Staged) is { } file && File.Exists(file))
            {
                Place(state, artifact, file, cancellation);
                Keep(s => s.RunId == state.RunId ? s with { Artifacts = _artifacts.Position } : s);
                return true;
            }
        }

        Keep(s => s.RunId == state.RunId ? s with { Artifacts = Math.Max(_artifacts.Position, s.Artifacts) } : s, save: false);
        return false;
    }

    /// <summary>Events and artifacts that have not arrived, as far as the journal can be read.</summary>
    public long CountWaiting()
    {
        var state = State;
        var waiting = _writer?.Unwritten ?? 0;
        try
        {
            using var reader = JournalReader.Open(_folder.Journal);
            while (reader?.Next() is { } item)
            {
                waiting += reader.Position > (item is ArtifactEvent ? state.Artifacts : state.Events) ? 1 : 0;
            }
        }
        catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException)
        {
            // The count is for people; the journal stays.
        }

        return waiting;
    }

    /// <summary>Takes it off the lanes: the journal cannot be read.</summary>
    public void Stop(string why)
    {
        Stuck = why;
        _warn($"tracking: {_folder.Journal} cannot be delivered ({why}); it is left where it is");
    }

    /// <summary>Called when all has arrived; removes the journal.</summary>
    /// <exception cref="DeliveryException">Not now.</exception>
    public void Conclude(CancellationToken cancellation)
    {
        var state = State;
        if (_start is not null && state.Refused.Length == 0)
        {
            _sink.Conclude(_start, state, cancellation);
        }

        Release();
        _folder.Remove();
        _writer?.Dispose();
        _lock?.Dispose();
    }

    /// <summary>Lets go of the folder; the journal stays.</summary>
    public void Dispose()
    {
        Release();
        _writer?.Dispose();
        _lock?.Dispose();
    }

    private bool TryStart(JournalReader reader)
    {
        if (_start is not null)
        {
            return true;
        }

        reader.Seek(RecordFrame.Signature.Length);
        _start = reader.Next() switch
        {
            StartEvent start => start,
            null => null,
            _ => throw new FormatException($"{_folder.Journal} does not begin with a run"),
        };
        return _start is not null;
    }

    private bool TryBegin(CancellationToken cancellation)
    {
        var state = State;
        if (state.RunId.Length > 0 || state.Refused.Length > 0)
        {
            return true;
        }

        try
        {
            var begun = _sink.Begin(_start!, state, kept => Keep(_ => kept), cancellation);
            AwaitsParent = begun is null;
            if (begun is not null)
            {
                Keep(_ => begun);
            }

            return begun is not null;
        }
        catch (DeliveryException error) when (error.Failure is DeliveryFailure.Refused)
        {
            GiveUpOrBeginAgain(error);
            return true;
        }
    }

    private void Place(DeliveryState state, ArtifactEvent artifact, string file, CancellationToken cancellation)
    {
        if (new FileInfo(file).Length != artifact.Size)
        {
            _warn($"tracking: artifact '{artifact.Target}' of run {RunId} is left out: its copy was cut short, by a power cut perhaps");
            return;
        }

        try
        {
            _sink.Place(state, artifact, file, cancellation);
        }
        catch (DeliveryException error) when (error.Failure is DeliveryFailure.Refused)
        {
            _warn($"tracking: artifact '{artifact.Target}' of run {RunId} is left out: {error.Message}");
        }
    }

    private void GiveUpOrBeginAgain(DeliveryException error)
    {
        if (error.Failure == DeliveryFailure.Lost)
        {
            _warn($"tracking: run {RunId} is delivered again from its beginning: {error.Message}");
            Keep(s => new DeliveryState { Destination = s.Destination, Creations = Math.Max(s.Creations, 1) });
        }
        else
        {
            _warn($"tracking: the rest of run {RunId} is left out: {error.Message}");
            Keep(s => s with { Refused = error.Message });
        }
    }

    private void Keep(Func<DeliveryState, DeliveryState> change, bool save = true)
    {
        lock (_gate)
        {
            _state = change(_state);
            if (!save)
            {
                return;
            }

            try
            {
                _state.Save(_folder.Delivered);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The disk is full: this process remembers, and a later one delivers again what is there already.
            }
        }
    }

    private void Release()
    {
        _events?.Dispose();
        _artifacts?.Dispose();
        (_events, _artifacts) = (null, null);
    }
}
