using System.Text.Json;
using Osteon.Abstractions;

namespace Osteon.Tracking;

/// <summary>One thing that happened to a run, complete in itself, so that it can be kept and delivered by any later process.</summary>
internal abstract record RunEvent;

/// <summary>A run begins. The first record of every journal, and only there.</summary>
/// <param name="RunId">32 hex digits, chosen here: the embedded store's own id, a tag on a server.</param>
/// <param name="Destination">Where the run goes; see <see cref="TrackingLocation.Spell"/>.</param>
/// <param name="Experiment">Its name.</param>
/// <param name="Name">The run's.</param>
/// <param name="User">Who started it.</param>
/// <param name="Time">Unix time in ms, as everywhere below.</param>
/// <param name="Parent">The id chosen for the run this one is nested in; empty: none.</param>
/// <param name="Existing">A run of the destination that is continued instead of a new one; empty: none.</param>
/// <param name="Tags">Facts known from the start.</param>
internal sealed record StartEvent(
    string RunId, string Destination, string Experiment, string Name, string User, long Time, string Parent, string Existing,
    IReadOnlyDictionary<string, string> Tags) : RunEvent
{
    /// <summary>The destination's own id of an experiment to go to instead of the named one, where it has it; empty: none.</summary>
    public string ExperimentId { get; init; } = string.Empty;
}

internal sealed record ParamEvent(string Key, string Value) : RunEvent;

internal sealed record MetricEvent(string Key, double Value, long Step, long Time) : RunEvent;

internal sealed record TagEvent(string Key, string Value) : RunEvent;

internal sealed record DatasetEvent(string Name, string Digest, string Source, string Context) : RunEvent
{
    /// <summary>The source as MLflow's page reads it.</summary>
    public string SourceJson => JsonSerializer.Serialize(new Dictionary<string, string> { ["uri"] = Source });
}

/// <summary>A file already copied to <paramref name="Staged"/> beside the journal; its place is <paramref name="Target"/> ('/' between folders) under the run's artifacts.</summary>
/// <param name="Staged">A file name.</param>
/// <param name="Target">A relative path.</param>
/// <param name="Size">Bytes.</param>
internal sealed record ArtifactEvent(string Staged, string Target, long Size) : RunEvent;

internal sealed record EndEvent(RunStatus Status, long Time) : RunEvent;
