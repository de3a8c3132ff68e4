namespace Osteon.Tracking;

/// <summary>
/// Takes events from any thread without making it wait for the store, and writes them in batches on a thread of its own. A store
/// that fails is told of once, tried again at growing intervals, and never stops the run.
/// </summary>
internal sealed class BackgroundWriter : IDisposable
{
    private const int BatchSize = 4096;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestAppend = TimeSpan.FromMilliseconds(100);

    private readonly IRunEventSink _sink;
    private readonly string _where;
    private readonly Action<string> _warn;
    private readonly int _capacity;
    private readonly object _gate = new();
    private readonly Queue<RunEvent> _queue = new();
    private readonly List<RunEvent> _batch = [];
    private readonly Thread _thread;
    private TimeSpan _wait = TimeSpan.Zero;
    private long _appended, _written, _begun, _ended, _dropped;
    private bool _failing, _hurry, _closed;

    /// <param name="sink">Disposed with the writer, on its thread.</param>
    /// <param name="where">The store's name in warnings.</param>
    /// <param name="warn">Called from any thread; must not throw.</param>
    /// <param name="capacity">Events held in memory; beyond it new ones are dropped, with a warning.</param>
    public BackgroundWriter(IRunEventSink sink, string where, Action<string> warn, int capacity = 1 << 18)
    {
        _sink = sink;
        _where = where;
        _warn = warn;
        _capacity = capacity;
        _thread = new Thread(Run) { IsBackground = true, Name = "tracking" };
        _thread.Start();
    }

    /// <summary>Queues an event. Waits at most a tenth of a second, and only when a healthy store has fallen behind.</summary>
    public void Append(RunEvent item)
    {
        var firstDrop = false;
        lock (_gate)
        {
            if (_queue.Count >= _capacity && !_failing && !_closed)
            {
                Hurry();
                Monitor.Wait(_gate, LongestAppend);
            }

            if (_closed || _queue.Count >= _capacity)
            {
                firstDrop = _dropped++ == 0;
            }
            else
            {
                _queue.Enqueue(item);
                _appended++;
                if (_queue.Count == BatchSize)
                {
                    Hurry();
                }
            }
        }

        if (firstDrop)
        {
            _warn($"tracking: {_where} is closed or has fallen behind; what is logged from here on may be missing there. The run goes on.");
        }
    }

    /// <summary>Waits until all that was queued before is written, an attempt begun after this call has failed, or the time is up.</summary>
    /// <returns>True when it is written.</returns>
    public bool Flush(TimeSpan limit)
    {
        var end = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        lock (_gate)
        {
            // An attempt under way may have met a store that is mended since: only a later one tells.
            var (target, attempt) = (_appended, _begun + 1);
            Hurry();
            while (_written < target && !(_failing && _ended >= attempt))
            {
                var left = end - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_gate, (int)left))
                {
                    break;
                }
            }

            return _written >= target;
        }
    }

    /// <summary>Writes what is left, trying a failing store once more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Hurry();
        }

        _thread.Join();
    }

    private void Hurry()
    {
        _hurry = true;
        Monitor.PulseAll(_gate);
    }

    private void Run()
    {
        Attempt([]);
        for (var closing = false; !closing;)
        {
            lock (_gate)
            {
                if (!_hurry)
                {
                    Monitor.Wait(_gate, _wait);
                }

                _hurry = false;
                closing = _closed;
            }

            while (Fill() && Attempt(_batch))
            {
                _batch.Clear();
            }
        }

        var lost = _batch.Count + _queue.Count + _dropped;
        if (lost > 0)
        {
            _warn($"tracking: {lost} events are not in {_where}.");
        }

        _sink.Dispose();
    }

    /// <summary>The batch that failed before, or the next one.</summary>
    private bool Fill()
    {
        lock (_gate)
        {
            while (_batch.Count < BatchSize && _queue.TryDequeue(out var item))
            {
                _batch.Add(item);
            }
        }

        return _batch.Count > 0;
    }

    private bool Attempt(List<RunEvent> batch)
    {
        lock (_gate)
        {
            _begun++;
        }

        try
        {
            _sink.Write(batch);
        }
        catch (Exception error)
        {
            var first = Note(failed: true, 0);
            if (first)
            {
                _warn($"tracking: {_where} cannot be written ({error.Message}). The run goes on; writing is tried again until it ends.");
            }

            return false;
        }

        Note(failed: false, batch.Count);
        return true;
    }

    /// <returns>True for the first failure after a success.</returns>
    private bool Note(bool failed, int written)
    {
        lock (_gate)
        {
            var first = failed && !_failing;
            _failing = failed;
            _ended++;
            _written += written;
            _wait = !failed ? Interval : TimeSpan.FromTicks(Math.Clamp(_wait.Ticks * 2, Interval.Ticks, LongestRetry.Ticks));
            Monitor.PulseAll(_gate);
            return first;
        }
    }
}
