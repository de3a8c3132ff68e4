using Osteon.Abstractions;

namespace Osteon.Tracking;

/// <summary>One thing that happened to a run, complete in itself, so that it can be kept, replayed or sent in any later process.</summary>
internal abstract record RunEvent(string RunId);

/// <summary>A run begins; <paramref name="Time"/> is Unix time in ms, as everywhere below.</summary>
internal sealed record StartEvent(string RunId, string Experiment, string Name, string User, long Time, IReadOnlyDictionary<string, string> Tags)
    : RunEvent(RunId);

internal sealed record ParamEvent(string RunId, string Key, string Value) : RunEvent(RunId);

internal sealed record MetricEvent(string RunId, string Key, double Value, long Step, long Time) : RunEvent(RunId);

internal sealed record TagEvent(string RunId, string Key, string Value) : RunEvent(RunId);

internal sealed record DatasetEvent(string RunId, string Name, string Digest, string Source, string Context) : RunEvent(RunId);

/// <summary>A file already copied to <paramref name="Staged"/>; its place is <paramref name="Target"/> ('/' between folders) under the run's artifacts.</summary>
internal sealed record ArtifactEvent(string RunId, string Staged, string Target) : RunEvent(RunId);

internal sealed record EndEvent(string RunId, RunStatus Status, long Time) : RunEvent(RunId);

/// <summary>Where events go: a database today, a journal or a server by the same door.</summary>
internal interface IRunEventSink : IDisposable
{
    /// <summary>
    /// Writes all events or none, and prepares the store when there are none. Writing the same events again does no harm: a batch that
    /// failed comes back.
    /// </summary>
    /// <exception cref="Exception">The store cannot be written now; the events stay with the caller.</exception>
    void Write(IReadOnlyList<RunEvent> batch);
}
