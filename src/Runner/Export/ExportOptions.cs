using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>What an export is asked for.</summary>
public sealed record ExportOptions
{
    /// <summary>The writer and its options.</summary>
    public required Choice Writer { get; init; }

    /// <summary>Where the data set goes; it must not exist, or be empty.</summary>
    public required string Folder { get; init; }

    /// <summary>Replaces what an earlier export left there.</summary>
    public bool Replace { get; init; }

    /// <summary>The least IoU that any class of any case may come back with, 0 to 1; null: 1 of writers that lose nothing, else 0.</summary>
    public double? LeastIoU { get; init; }
}
