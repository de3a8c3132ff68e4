namespace Osteon.Tracking;

/// <summary>Delivers the journals of this process, and those that dead processes left for the same destination, in the background.</summary>
internal sealed class Sender : IDisposable
{
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenScans = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestMaking = TimeSpan.FromDays(1);

    private readonly IRunSink _sink;
    private readonly string _spool;
    private readonly string _destination;
    private readonly TimeProvider _clock;
    private readonly Action<string> _warn;
    private readonly Lock _gate = new();
    private readonly List<Delivery> _own = [];
    private readonly List<Delivery> _adopted = [];
    private readonly Lane _events;
    private readonly Lane _artifacts;
    private long _nextScan = long.MinValue;

    /// <summary>Starts.</summary>
    public Sender(IRunSink sink, string spool, string destination, TimeProvider clock, Action<string> warn)
    {
        (_sink, _spool, _destination, _clock, _warn) = (sink, spool, destination, clock, warn);
        _artifacts = new Lane("tracking artifacts", sink, All, (d, c) => d.StepArtifacts(c), () => _events?.Hurry(), warn);
        _events = new Lane("tracking events", sink, Next, (d, c) => d.StepEvents(c), () => _artifacts.Hurry(), warn);
    }

    /// <summary>Takes over a run of this process.</summary>
    public void Add(RunFolder folder, JournalWriter writer)
    {
        lock (_gate)
        {
            _own.Add(Delivery.OfOwn(folder, writer, _destination, _sink, _warn));
        }
    }

    /// <summary>Sends soon.</summary>
    public void Hurry() => _events.Hurry();

    /// <summary>Waits until all that was logged before has arrived, an attempt begun after this call has failed, or the time is up.</summary>
    /// <returns>True when it has arrived.</returns>
    public bool Flush(TimeSpan limit)
    {
        var deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        (Delivery Delivery, long End)[] targets = [.. All().Where(d => d.Stuck.Length == 0).Select(d => (d, d.End))];
        var (events, artifacts) = (_events.Hurry(), _artifacts.Hurry());
        for (var pause = 1; ; pause = Math.Min(pause * 2, 50))
        {
            if (targets.All(t => t.Delivery.State is { } state && Math.Min(state.Events, state.Artifacts) >= t.End))
            {
                return true;
            }

            if (_events.FailedSince(events) || _artifacts.FailedSince(artifacts) || targets.Any(t => t.Delivery.IsUnwritten) || Environment.TickCount64 >= deadline)
            {
                return false;
            }

            Thread.Sleep(pause);
            _artifacts.Hurry();
        }
    }

    /// <summary>Sends what it can within a minute, and says what is left.</summary>
    public void Dispose()
    {
        _nextScan = long.MinValue;
        _events.Close(Standstill, Longest);
        _artifacts.Close(Standstill, Longest);
        Conclude();
        Delivery[] rest = [.. All()];
        var unwritten = rest.Where(d => d.IsUnwritten).Sum(d => d.CountWaiting());
        if (unwritten > 0)
        {
            _warn($"tracking: {unwritten} events are lost: they could never be written to {_spool}");
        }

        var waiting = rest.Where(d => !d.IsUnwritten && d.Stuck.Length == 0).ToArray();
        if (waiting.Length > 0)
        {
            _warn($"tracking: {waiting.Sum(d => d.CountWaiting())} events of {waiting.Length} runs have not reached {_sink.Name} yet" +
                $"{((_events.Failing ?? _artifacts.Failing) is { } why ? $" ({why})" : "")}; they are kept, and the next run or --target=SyncTracking sends them");
        }

        foreach (var delivery in rest)
        {
            delivery.Dispose();
        }

        _events.Dispose();
        _artifacts.Dispose();
        _sink.Dispose();
    }

    private Delivery[] All()
    {
        lock (_gate)
        {
            return [.. _own, .. _adopted];
        }
    }

    // Own runs first: what is new is what people look at.
    private Delivery[] Next()
    {
        Conclude();
        if (Environment.TickCount64 >= _nextScan)
        {
            _nextScan = Environment.TickCount64 + (long)BetweenScans.TotalMilliseconds;
            Scan();
        }

        return All();
    }

    private void Scan()
    {
        try
        {
            var now = _clock.GetUtcNow();
            RunFolder.Sweep(_spool, (now - LongestMaking).UtcDateTime);
            var known = All().Select(d => d.RunId).ToHashSet(StringComparer.Ordinal);
            foreach (var folder in RunFolder.Of(_spool).Where(f => !known.Contains(f.RunId)))
            {
                if (Adoption.TryTake(folder, start => start.Destination == _destination, _destination, _sink, now, _warn).Delivery is { } delivery)
                {
                    lock (_gate)
                    {
                        _adopted.Add(delivery);
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The spool cannot be listed; own runs say so where it matters.
        }
    }

    private void Conclude()
    {
        foreach (var delivery in All().Where(d => d.IsComplete))
        {
            try
            {
                delivery.Conclude(CancellationToken.None);
                lock (_gate)
                {
                    _own.Remove(delivery);
                    _adopted.Remove(delivery);
                }
            }
            catch (DeliveryException)
            {
                // The next pass tries again.
            }
        }
    }
}
