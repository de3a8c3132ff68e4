namespace Osteon.Reporting;

/// <summary>Scores as people call them.</summary>
internal static class ScoreNames
{
    /// <summary>Those that tables have a column for.</summary>
    public static IReadOnlyList<string> Shown { get; } = ["roc_auc", "average_precision", "accuracy", "balanced_accuracy", "recall", "specificity", "precision", "f1"];

    public static string Of(string name) => name switch
    {
        "roc_auc" => "ROC AUC",
        "average_precision" => "Average precision",
        "accuracy" => "Accuracy",
        "balanced_accuracy" => "Balanced accuracy",
        "recall" => "Recall (sensitivity)",
        "specificity" => "Specificity",
        "precision" => "Precision",
        "f1" => "F1",
        _ => name,
    };

    /// <summary>What ratios are about, for a table's caption.</summary>
    public static string Rule(IReadOnlyList<string> classes) => ClassificationResults.Positive(classes.Count) is { } positive
        ? $"Recall, specificity, precision, F1 and both areas are those of “{classes[positive]}”."
        : "Recall, specificity, precision, F1 and both areas are means over classes, each against all others.";
}
