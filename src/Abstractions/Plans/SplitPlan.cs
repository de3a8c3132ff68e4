using System.ComponentModel.DataAnnotations;

namespace Osteon.Abstractions;

/// <summary>Who trains, who validates, who tests. Groups never part.</summary>
public sealed record SplitPlan
{
    /// <summary>Folds for cross-validation, at least 2; 1 validates on a share held out.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Share of the labelled training groups held back as test cases, in [0, 1); the source's own test cases are always test cases.</summary>
    public double TestFraction { get; init; }

    /// <summary>With one fold, the share of the groups that validates.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double ValidationFraction { get; init; } = 0.2;

    /// <summary>What never parts: patient, case (each case for itself), or a column of the metadata.</summary>
    public string Group { get; init; } = "patient";

    /// <summary>What is spread evenly over the folds and the test cases: classes (which classes a case has), or columns of the metadata.</summary>
    public IReadOnlyList<string> Stratify { get; init; } = ["classes"];

    /// <summary>A column of numbers, such as age, is cut into as many bins of equal counts.</summary>
    [Range(2, 100)]
    public int Bins { get; init; } = 4;

    /// <summary>Of the split alone; null takes the experiment's.</summary>
    public long? Seed { get; init; }

    /// <summary>
    /// A split to take as it is: split.json of another experiment, nnU-Net's splits_final.json, or a CSV with a column of cases and one of
    /// folds or parts. Absolute or relative to the working directory; null makes one.
    /// </summary>
    public string? File { get; init; }

    /// <summary>The same as lists of cases, one file a part: train, validation, test; each a CSV or a text with a name a line.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>The same as a column of the metadata that says train, val or test, as the layouts do that bring a split of their own; null: none.</summary>
    public string? Column { get; init; }

    /// <summary>
    /// An experiment of as many folds whose split goes first: cases that it has, and others of their patients, stand here where they stand there, and the rest
    /// is divided by itself. It is brought up to date as far as its own split; null: none.
    /// </summary>
    public string? Like { get; init; }
}
