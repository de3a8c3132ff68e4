namespace Osteon.Abstractions;

/// <summary>Where the experiment's runs are told of, and how much. Changes no result, and so no unit's key.</summary>
public sealed record TrackingPlan
{
    /// <summary>
    /// A tracking server (http://…, https://…) or a folder for an embedded store; MLFLOW_TRACKING_URI wins over it. Null: an embedded store
    /// below .osteon/. A password has no place here: see MLflow's own variables.
    /// </summary>
    public string? Uri { get; init; }

    /// <summary>Whether the machine's load is logged with every run.</summary>
    public bool SystemMetrics { get; init; } = true;

    /// <summary>Whether each member's best weights are uploaded, and not only their hash.</summary>
    public bool Weights { get; init; }
}
