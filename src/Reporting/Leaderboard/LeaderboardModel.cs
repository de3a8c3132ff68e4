namespace Osteon.Reporting;

/// <summary>A number with the ends of its interval.</summary>
public sealed record ScoreInterval(double Mean, double Low, double High);

/// <summary>One result.</summary>
public sealed record LeaderboardRow
{
    /// <summary>The experiment's name.</summary>
    public required string Experiment { get; init; }

    /// <summary>The first digits of the result's key: tells two rows of one experiment apart.</summary>
    public required string Key { get; init; }

    /// <summary>Tags that pin it, ", " between them; empty: none.</summary>
    public string Tag { get; init; } = string.Empty;

    /// <summary>The commit's first digits, with a + where files differed; empty outside a repository.</summary>
    public string Commit { get; init; } = string.Empty;

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Made { get; init; }

    /// <summary>Tells which rows were measured on the same cases.</summary>
    public required string Data { get; init; }

    /// <summary>What stands in place of Dice, where images are classified, e.g. ROC AUC; empty: Dice.</summary>
    public string Metric { get; init; } = string.Empty;

    /// <summary>Mean test Dice over classes.</summary>
    public required ScoreInterval Dice { get; init; }

    /// <summary>By class; of a classification its other scores, by name.</summary>
    public required IReadOnlyDictionary<string, ScoreInterval> Classes { get; init; }

    /// <summary>Members of the vote, each with its own mean Dice.</summary>
    public required IReadOnlyList<(string Name, double Dice)> Members { get; init; }

    /// <summary>Test cases and their patients.</summary>
    public required (int Cases, int Patients) Scored { get; init; }

    /// <summary>Wall time in seconds; null where it is not known.</summary>
    public double? Seconds { get; init; }

    /// <summary>Processor time in seconds.</summary>
    public double? ProcessorSeconds { get; init; }

    /// <summary>What it cost, for people, e.g. "0.42 EUR"; empty where the experiment names no rate.</summary>
    public string Cost { get; init; } = string.Empty;

    /// <summary>Verdict, time and machine of the latest reproduction; empty: never.</summary>
    public string Reproduced { get; init; } = string.Empty;

    /// <summary>Settings by path.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }
}
