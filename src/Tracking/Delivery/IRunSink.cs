namespace Osteon.Tracking;

/// <summary>Where journals go: a database or a server. All of it may be called again with what was delivered before, and does no harm.</summary>
internal interface IRunSink : IDisposable
{
    /// <summary>For people.</summary>
    string Name { get; }

    /// <summary>How attempts follow one another while it fails.</summary>
    RetryPolicy Retries { get; }

    /// <summary>Makes the run exist, or finds it.</summary>
    /// <param name="start">The journal's first record.</param>
    /// <param name="state">What was known before.</param>
    /// <param name="keep">Takes what must be known by any later process before the destination is asked.</param>
    /// <param name="cancellation">Ends the wait for an answer.</param>
    /// <returns>The state with the destination's ids; null when the run it is nested in must come first.</returns>
    /// <exception cref="DeliveryException">Not now, or never.</exception>
    DeliveryState? Begin(StartEvent start, DeliveryState state, Action<DeliveryState> keep, CancellationToken cancellation);

    /// <summary>Writes events of one run in order; artifacts are not among them.</summary>
    /// <exception cref="DeliveryException">Not now, or never; some of the events may have arrived.</exception>
    void Write(DeliveryState run, IReadOnlyList<RunEvent> events, CancellationToken cancellation);

    /// <summary>Puts a file in its place; one of that name is replaced. Called on a thread of its own.</summary>
    /// <param name="run">The run.</param>
    /// <param name="artifact">Its place.</param>
    /// <param name="file">Its bytes; the sink may move it.</param>
    /// <param name="cancellation">Ends the upload.</param>
    /// <exception cref="DeliveryException">Not now, or never.</exception>
    void Place(DeliveryState run, ArtifactEvent artifact, string file, CancellationToken cancellation);

    /// <summary>Called when all of a run has arrived, before its journal goes.</summary>
    void Conclude(StartEvent start, DeliveryState run, CancellationToken cancellation);
}

/// <summary>What a failure means for what was to be delivered.</summary>
internal enum DeliveryFailure
{
    /// <summary>The destination is away or busy; the same again later.</summary>
    Later,

    /// <summary>Somebody must mend a setting first: a password, an address, a certificate. Tried again too, rarely.</summary>
    Denied,

    /// <summary>The destination takes no more of this run, by somebody's will: it was deleted there.</summary>
    Refused,

    /// <summary>The destination knows nothing of this run any more; it is delivered from the beginning.</summary>
    Lost,
}

/// <summary>Something could not be delivered. What it was stays in the journal.</summary>
internal sealed class DeliveryException(DeliveryFailure failure, string message, TimeSpan? after = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What to do.</summary>
    public DeliveryFailure Failure { get; } = failure;

    /// <summary>How long the destination asks to be left alone.</summary>
    public TimeSpan? After { get; } = after;
}
