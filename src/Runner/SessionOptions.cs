namespace Osteon.Runner;

/// <summary>What the command line asks for, beyond the target.</summary>
public sealed record SessionOptions
{
    /// <summary>Name of a file in experiments/, or a path to one.</summary>
    public required string Experiment { get; init; }

    /// <summary>The repository's root.</summary>
    public required string Root { get; init; }

    /// <summary>Overrides, "a.b.c=value".</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary>Stages whose units run even when up to date; "all" means each.</summary>
    public IReadOnlySet<string> Force { get; init; } = new HashSet<string>();

    /// <summary>Runs this stage and all later ones again.</summary>
    public string? From { get; init; }

    /// <summary>Goes on with the other units of a stage when one fails.</summary>
    public bool KeepGoing { get; init; }

    /// <summary>Units of one stage at a time.</summary>
    public int Jobs { get; init; } = 1;

    /// <summary>auto, cpu or cuda:N.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Where published weights are kept; null: .osteon/weights.</summary>
    public string? WeightStore { get; init; }

    /// <summary>The MLflow run that units belong to; null begins one. Set for a child process.</summary>
    public string? ParentRun { get; init; }

    /// <summary>The one unit to run, by id; null runs all. Set for a child process.</summary>
    public string? OnlyUnit { get; init; }

    /// <summary>The point of a sweep that units belong to, whose values <see cref="Set"/> holds; null outside one.</summary>
    public string? Point { get; init; }
}
