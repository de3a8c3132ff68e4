namespace Osteon.Metrics;

/// <summary>How one number comes of one a class; scikit-learn's names.</summary>
public enum Averaging
{
    /// <summary>The plain mean over classes: a rare class counts as much as a frequent one.</summary>
    Macro,

    /// <summary>Of the counts of all classes added up. Where a case has one class, micro precision, recall and F1 are all the accuracy.</summary>
    Micro,

    /// <summary>The mean over classes, each by its cases in the truth.</summary>
    Weighted,
}
