namespace Osteon.Masks;

/// <summary>What a vote does with a row that some members lack.</summary>
public enum OnMissing
{
    /// <summary>Refuses and tells which rows differ: a lost row is a fault of the pipeline far more often than a wish.</summary>
    Error,

    /// <summary>Counts the absent row as an empty mask. Rows the first member lacks follow its own, in the order they are met.</summary>
    Empty,
}

/// <summary>How members vote.</summary>
public sealed record HardVoteOptions
{
    /// <summary>Members that must set a pixel, 1 (any) to their number (all); 0 is more than half of them.</summary>
    public int MinVotes { get; init; }

    /// <summary>What each member counts, with the rule; null: one vote each, and <see cref="MinVotes"/> of them.</summary>
    public VoteWeights? Weights { get; init; }

    /// <summary>What to do when rows are missing.</summary>
    public OnMissing OnMissing { get; init; }

    /// <summary>How all members write their masks, and the result is written. A vote needs no frame, so any scan order will do.</summary>
    public RleConvention Convention { get; init; } = RleConvention.HandBone;

    /// <summary>Threads, at least 1. The result does not depend on them.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>What a vote did.</summary>
/// <param name="Members">Files.</param>
/// <param name="MinVotes">Votes a pixel needed, the rule resolved.</param>
/// <param name="Rows">Rows written.</param>
/// <param name="Filled">Absent rows that counted as empty masks, over all members.</param>
public sealed record HardVoteReport(int Members, int MinVotes, int Rows, int Filled);
