using Osteon.Metrics;

namespace Osteon.Reporting;

/// <summary>What a report shows of an experiment that tells classes of whole images.</summary>
public sealed record ClassificationResults
{
    /// <summary>The networks on the test cases, in the order to show; empty where these have no labels.</summary>
    public IReadOnlyList<ClassifierScores> Members { get; init; } = [];

    /// <summary>Their mean on the test cases; null where these have no labels.</summary>
    public ClassificationScores? Ensemble { get; init; }

    /// <summary>Each network on the validation cases of its fold.</summary>
    public IReadOnlyList<ClassifierScores> OutOfFold { get; init; } = [];

    /// <summary>All validation cases, each told by networks that have not learned from it; null where there are none with labels.</summary>
    public ClassificationScores? Pooled { get; init; }

    /// <summary>The ensemble's test scores with their intervals, in the order to show.</summary>
    public IReadOnlyList<ScoreEstimate> Intervals { get; init; } = [];

    /// <summary>How the intervals were come by.</summary>
    public string IntervalsNote { get; init; } = "";

    /// <summary>Cases to look at, the most wrong first.</summary>
    public IReadOnlyList<ClassifiedCase> Worst { get; init; } = [];

    /// <summary>What is drawn into their pictures.</summary>
    public string WorstNote { get; init; } = "";

    /// <summary>What its headline is about: the test cases, or the validation cases where only these have labels; null where nothing was scored.</summary>
    public ClassificationScores? Shown => Ensemble ?? Pooled;

    /// <summary>The class that is looked for; null where there are more than two.</summary>
    public static int? Positive(int classes) => classes == 2 ? 1 : null;
}

/// <summary>A network and its scores.</summary>
/// <param name="Name">As it is spoken of, e.g. "r18/fold 1".</param>
/// <param name="Scores">On cases that the table names.</param>
public sealed record ClassifierScores(string Name, ClassificationScores Scores)
{
    /// <summary>By how much the ensemble's ROC AUC falls without it; null where that was not asked, NaN where nothing is left.</summary>
    public double? Adds { get; init; }
}

/// <summary>A score and where it would lie with other patients of the same kind, 95 times of 100.</summary>
/// <param name="Name">One of <see cref="ClassificationScores.Names"/>.</param>
/// <param name="Value">As measured; NaN where there was nothing to measure.</param>
/// <param name="Low">The 2.5th percentile.</param>
/// <param name="High">The 97.5th percentile.</param>
public sealed record ScoreEstimate(string Name, double Value, double Low, double High);

/// <summary>A case to look at.</summary>
/// <param name="CaseId">Its name.</param>
/// <param name="Truth">Its class.</param>
/// <param name="Predicted">What it was taken for.</param>
/// <param name="Probabilities">One a class, in [0, 1].</param>
/// <param name="Png">Its picture.</param>
public sealed record ClassifiedCase(string CaseId, int Truth, int Predicted, IReadOnlyList<double> Probabilities, byte[] Png);
