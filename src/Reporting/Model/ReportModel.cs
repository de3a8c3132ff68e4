using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Reporting;

/// <summary>All a report shows. Plain values: nothing here knows how they were come by. Empty lists leave their sections out.</summary>
public sealed record ReportModel
{
    /// <summary>The heading.</summary>
    public required string Title { get; init; }

    /// <summary>The experiment's name, as its file has it.</summary>
    public required string Experiment { get; init; }

    /// <summary>What the scores were computed on, e.g. "63 test cases, 29 classes".</summary>
    public string ScoredOn { get; init; } = "";

    /// <summary>What a class's Dice is where truth, prediction or both are empty.</summary>
    public string EmptyMaskRule { get; init; } = "A class that is neither in the truth nor in the prediction of any case has no Dice.";

    /// <summary>Class names, in the order of every member's class scores.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>The networks, in the order to show.</summary>
    public IReadOnlyList<MemberScore> Members { get; init; } = [];

    /// <summary>Their vote; null when there was none.</summary>
    public MemberScore? Ensemble { get; init; }

    /// <summary>The ensemble's rule, interval and selection, a sentence each.</summary>
    public IReadOnlyList<string> EnsembleNotes { get; init; } = [];

    /// <summary>What its parts are worth.</summary>
    public IReadOnlyList<PartTable> Parts { get; init; } = [];

    /// <summary>What else was measured of the ensemble, in the order to show.</summary>
    public IReadOnlyList<MetricColumn> Metrics { get; init; } = [];

    /// <summary>Units and rules of these metrics, for a person.</summary>
    public string MetricsNote { get; init; } = "";

    /// <summary>The ensemble's wrong pixels over all cases, in the order to show; a background is left out.</summary>
    public IReadOnlyList<ClassErrors> Errors { get; init; } = [];

    /// <summary>What an experiment that tells classes of whole images has instead; null otherwise.</summary>
    public ClassificationResults? Classification { get; init; }

    /// <summary>What the parts of the data hold.</summary>
    public IReadOnlyList<CountTable> Counts { get; init; } = [];

    /// <summary>Classes that members predict in none of their validation cases, though some have them; those of a class together.</summary>
    public IReadOnlyList<UnpredictedClass> Unpredicted { get; init; } = [];

    /// <summary>How each member learned.</summary>
    public IReadOnlyList<MemberCurves> Curves { get; init; } = [];

    /// <summary>The cases that went worst, worst first.</summary>
    public IReadOnlyList<CaseOverlay> Overlays { get; init; } = [];

    /// <summary>What the data check noticed.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Code, machine, libraries, data: whatever is needed to come to the same numbers again.</summary>
    public IReadOnlyList<FactGroup> Facts { get; init; } = [];

    /// <summary>Where checkpoints, predictions and the submission lie.</summary>
    public IReadOnlyList<Fact> Files { get; init; } = [];

    /// <summary>The resolved plan, as YAML or JSON.</summary>
    public string Plan { get; init; } = "";
}

/// <summary>Scores of a member or of the ensemble.</summary>
/// <param name="Name">As it is spoken of, e.g. "unet-r34/fold 1".</param>
/// <param name="Model">The model's name; empty for the ensemble.</param>
/// <param name="Fold">The fold it was validated on, 0-based; null for the ensemble.</param>
/// <param name="MeanDice">In [0, 1]; NaN when unknown.</param>
/// <param name="MeanIoU">In [0, 1]; NaN when unknown.</param>
/// <param name="ClassDice">One a class; NaN where the empty-mask rule gives none.</param>
/// <param name="PixelAccuracy">Share of pixels whose class is right; null where classes may overlap.</param>
public sealed record MemberScore(
    string Name, string Model, int? Fold, double MeanDice, double MeanIoU, IReadOnlyList<double> ClassDice, double? PixelAccuracy = null);

/// <summary>A metric of every class.</summary>
/// <param name="Name">As the plan names it.</param>
/// <param name="Mean">Over classes; NaN when there is none.</param>
/// <param name="ByClass">One a class; NaN where nothing could be measured.</param>
public sealed record MetricColumn(string Name, double Mean, IReadOnlyList<double> ByClass);

/// <summary>How a member learned.</summary>
public sealed record MemberCurves(string Name, IReadOnlyList<EpochPoint> Epochs)
{
    /// <summary>Every class's validation Dice; empty leaves the small charts out.</summary>
    public IReadOnlyList<ClassCurve> Classes { get; init; } = [];

    /// <summary>Scores to draw instead of Dice, the one that weights were chosen by first; empty draws Dice.</summary>
    public IReadOnlyList<ScoreCurve> Scores { get; init; } = [];

    /// <summary>The epoch whose weights were kept, and what it was chosen by, where that is not the greatest Dice; null otherwise.</summary>
    public (int Epoch, string By)? Kept { get; init; }
}

/// <summary>A validation score over epochs.</summary>
/// <param name="Name">As people call it.</param>
/// <param name="Points">By epoch, in [0, 1] or NaN.</param>
public sealed record ScoreCurve(string Name, IReadOnlyList<(int Epoch, double Value)> Points);

/// <summary>A class's validation Dice over epochs.</summary>
/// <param name="Class">Its name.</param>
/// <param name="Points">By epoch, in [0, 1] or NaN.</param>
public sealed record ClassCurve(string Class, IReadOnlyList<(int Epoch, double Dice)> Points);

/// <summary>One epoch; NaN where a number was not computed.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="TrainLoss">Mean over the epoch's batches.</param>
/// <param name="ValidationLoss">Mean over the validation cases.</param>
/// <param name="ValidationDice">In [0, 1].</param>
public readonly record struct EpochPoint(int Epoch, double TrainLoss, double ValidationLoss, double ValidationDice);

/// <summary>A case to look at.</summary>
/// <param name="CaseId">Its name.</param>
/// <param name="Dice">Mean over its classes, in [0, 1].</param>
/// <param name="WorstClasses">Its weakest classes, worst first.</param>
/// <param name="Png">See <see cref="OverlayRenderer"/>.</param>
public sealed record CaseOverlay(string CaseId, double Dice, IReadOnlyList<ClassScore> WorstClasses, byte[] Png)
{
    /// <summary>Its wrong pixels by class; empty leaves them untold.</summary>
    public IReadOnlyList<ClassErrors> Errors { get; init; } = [];

    /// <summary>Whether some of its pixels have no class in the truth and are not scored.</summary>
    public bool HasUndecided { get; init; }
}

/// <summary>A class and its wrong pixels.</summary>
public sealed record ClassErrors(string Class, ErrorCounts Counts);

/// <summary>A class that a member never predicts.</summary>
/// <param name="Class">Its name.</param>
/// <param name="Member">Who never says it.</param>
/// <param name="Having">Validation cases that have it; above 0.</param>
/// <param name="Cases">All validation cases of the member.</param>
public sealed record UnpredictedClass(string Class, string Member, int Having, int Cases);

/// <summary>A class and its Dice.</summary>
public sealed record ClassScore(string Class, double Dice);

/// <summary>Facts that belong together.</summary>
public sealed record FactGroup(string Title, IReadOnlyList<Fact> Facts);

/// <summary>A name and a value, shown as they are.</summary>
public sealed record Fact(string Name, string Value);
