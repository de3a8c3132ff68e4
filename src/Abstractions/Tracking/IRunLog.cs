namespace Osteon.Abstractions;

/// <summary>How a run ended; MLflow's words.</summary>
public enum RunStatus
{
    /// <summary>All went well.</summary>
    Finished,

    /// <summary>An error stopped it.</summary>
    Failed,

    /// <summary>The user or the machine stopped it.</summary>
    Killed,
}

/// <summary>Where a unit of work tells what it does. Never throws into the caller and never waits for a network.</summary>
public interface IRunLog
{
    /// <summary>MLflow's run id, 32 hex digits.</summary>
    string RunId { get; }

    /// <summary>A setting; the first value stands.</summary>
    void Param(string key, string value);

    /// <summary>A number that may change; NaN and infinities are legal.</summary>
    void Metric(string key, double value, long step = 0);

    /// <summary>A fact that may be overwritten.</summary>
    void Tag(string key, string value);

    /// <summary>A file, copied under the run's artifacts, in <paramref name="folder"/> ('/' between folders; empty: at the top).</summary>
    void Artifact(string file, string folder = "");
}
