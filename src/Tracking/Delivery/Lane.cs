using Osteon.Abstractions;

namespace Osteon.Tracking;

/// <summary>
/// A thread that takes one kind of step on every journal until nothing moves, waits, and begins again. While the destination fails,
/// waits grow; it is told of once.
/// </summary>
internal sealed class Lane : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    private readonly IRunSink _sink;
    private readonly Func<IReadOnlyList<Delivery>> _deliveries;
    private readonly Func<Delivery, CancellationToken, bool> _step;
    private readonly Action _moved;
    private readonly Action<string> _warn;
    private readonly object _gate = new();
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Thread _thread;
    private RandomStream _chance = new((ulong)Environment.TickCount64 ^ ((ulong)Environment.ProcessId << 32));
    private TimeSpan _wait = TimeSpan.Zero;
    private long _begun;
    private long _ended;
    private long _steps;
    private int _failures;
    private bool _hurry;
    private bool _closing;

    /// <summary>Starts.</summary>
    /// <param name="name">The thread's.</param>
    /// <param name="sink">Paces attempts.</param>
    /// <param name="deliveries">Asked before each pass.</param>
    /// <param name="step">Taken until it returns false.</param>
    /// <param name="moved">Called after a pass that moved something.</param>
    /// <param name="warn">Told when the destination begins to fail, and when it is back.</param>
    public Lane(string name, IRunSink sink, Func<IReadOnlyList<Delivery>> deliveries, Func<Delivery, CancellationToken, bool> step, Action moved, Action<string> warn)
    {
        (_sink, _deliveries, _step, _moved, _warn) = (sink, deliveries, step, moved, warn);
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>The failure that holds it up; null when there is none.</summary>
    public string? Failing { get; private set; }

    /// <summary>Wakes it up.</summary>
    /// <returns>A number for <see cref="FailedSince"/>.</returns>
    public long Hurry()
    {
        lock (_gate)
        {
            _hurry = true;
            Monitor.PulseAll(_gate);
            return _begun + 1;
        }
    }

    /// <summary>True when the attempt of that number, or a later one, has failed.</summary>
    public bool FailedSince(long attempt)
    {
        lock (_gate)
        {
            return Failing is not null && _ended >= attempt;
        }
    }

    /// <summary>Makes one more pass and ends; gives up when nothing moves for long, or it takes too long altogether.</summary>
    public void Close(TimeSpan longestStandstill, TimeSpan longest)
    {
        lock (_gate)
        {
            _closing = true;
            Hurry();
        }

        var (begun, moved, seen) = (Environment.TickCount64, Environment.TickCount64, -1L);
        while (!_thread.Join(TimeSpan.FromMilliseconds(20)))
        {
            var now = Environment.TickCount64;
            if (Interlocked.Read(ref _steps) is var steps && steps != seen)
            {
                (seen, moved) = (steps, now);
            }

            if (now - moved > longestStandstill.TotalMilliseconds || now - begun > longest.TotalMilliseconds)
            {
                _cancellation.Cancel();
                _thread.Join();
            }
        }

    }

    /// <summary>Called once it is closed.</summary>
    public void Dispose() => _cancellation.Dispose();

    private void Run()
    {
        for (var closing = false; !closing;)
        {
            lock (_gate)
            {
                if (!_hurry && !_closing)
                {
                    Monitor.Wait(_gate, _wait);
                }

                _hurry = false;
                closing = _closing;
                _begun++;
            }

            var before = _steps;
            var error = Pass();
            Note(error);
            if (_steps != before)
            {
                _moved();
            }
        }
    }

    private DeliveryException? Pass()
    {
        IReadOnlyList<Delivery> deliveries;
        try
        {
            deliveries = _deliveries();
        }
        catch (Exception error)
        {
            // This thread ends with the process, whatever happens on it.
            return new DeliveryException(DeliveryFailure.Later, error.Message, inner: error);
        }

        foreach (var delivery in deliveries)
        {
            try
            {
                while (delivery.Stuck.Length == 0 && _step(delivery, _cancellation.Token))
                {
                    Interlocked.Increment(ref _steps);
                }
            }
            catch (DeliveryException error)
            {
                return error;
            }
            catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
            {
                return new DeliveryException(DeliveryFailure.Later, "it takes too long");
            }
            catch (Exception error)
            {
                delivery.Stop(error.Message);
            }
        }

        return null;
    }

    private void Note(DeliveryException? error)
    {
        bool first, back;
        lock (_gate)
        {
            (first, back) = (error is not null && Failing is null, error is null && Failing is not null);
            Failing = error?.Message;
            _failures = error is null ? 0 : _failures + 1;
            _wait = error is null ? Interval : _sink.Retries.After(_failures, error, ref _chance);
            _ended++;
        }

        if (first && !_cancellation.IsCancellationRequested)
        {
            _warn(error!.Failure == DeliveryFailure.Denied
                ? $"tracking: {_sink.Name}: {error.Message}. The run goes on; what it logs is kept, and --target=SyncTracking sends it once that is mended."
                : $"tracking: {_sink.Name} cannot be written ({error.Message}). The run goes on; what it logs is kept, and sending it is tried again.");
        }

        if (back)
        {
            _warn($"tracking: {_sink.Name} is back; what was kept is on its way.");
        }
    }
}
