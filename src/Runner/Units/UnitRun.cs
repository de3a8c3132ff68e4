using Osteon.Abstractions;
using Osteon.Tracking;

namespace Osteon.Runner;

/// <summary>A unit at work: where it reads, where it writes and whom it tells.</summary>
public sealed class UnitRun(ExperimentSession session, Unit unit, string folder, IRunLog log)
{
    private readonly Dictionary<string, double> _metrics = new(StringComparer.Ordinal);

    /// <summary>The experiment around it.</summary>
    public ExperimentSession Session { get; } = session;

    /// <summary>The resolved experiment.</summary>
    public Plan Plan => Session.Plan;

    /// <summary>What is being made.</summary>
    public Unit Unit { get; } = unit;

    /// <summary>An existing folder for the unit's files; it becomes visible to others when the unit is done.</summary>
    public string Folder { get; } = folder;

    /// <summary>The unit's run in MLflow.</summary>
    public IRunLog Log { get; } = log;

    /// <summary>Headline numbers so far.</summary>
    public IReadOnlyDictionary<string, double> Metrics => _metrics;

    /// <summary>The folder of an input.</summary>
    public string Input(string unitId) => Session.OutputOf(unitId).Folder;

    /// <summary>Something without a file, under the artifacts of the unit's run and, where asked, of the experiment's.</summary>
    /// <param name="target">Its place there, '/' between folders.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="experiment">Whether the experiment's run gets it too.</param>
    public void Artifact(string target, ReadOnlyMemory<byte> content, bool experiment = false)
    {
        (Log as RunLog)?.Artifact(target, content);
        if (experiment)
        {
            Session.Tracking.Parent?.Artifact(target, content);
        }
    }

    /// <summary>Keeps a headline number for lock, report and MLflow.</summary>
    public void Headline(string name, double value)
    {
        _metrics[name] = value;
        Log.Metric(name, value);
    }
}
