using Osteon.Abstractions;

namespace Osteon.Reporting;

/// <summary>Writes a report as one HTML file that asks nothing of the network, runs no script and can be mailed or printed.</summary>
public static class ReportWriter
{
    /// <summary>Writes the file whole or not at all.</summary>
    /// <param name="model">The same model gives the same bytes.</param>
    /// <param name="path">Replaced when it exists; its folder is created.</param>
    /// <exception cref="ArgumentException">A member has not one Dice a class, or a metric not one number.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(ReportModel model, string path) => AtomicFile.WriteAllText(path, Render(model));

    /// <summary>The report as text.</summary>
    /// <exception cref="ArgumentException">A member has not one Dice a class, or a metric not one number.</exception>
    public static string Render(ReportModel model)
    {
        foreach (var score in model.Members.Append(model.Ensemble).OfType<MemberScore>())
        {
            if (score.ClassDice.Count != model.Classes.Count)
            {
                throw new ArgumentException($"{score.Name} has {score.ClassDice.Count} class scores, the report has {model.Classes.Count} classes.", nameof(model));
            }
        }

        foreach (var metric in model.Metrics.Where(m => m.ByClass.Count != model.Classes.Count))
        {
            throw new ArgumentException($"{metric.Name} has {metric.ByClass.Count} class scores, the report has {model.Classes.Count} classes.", nameof(model));
        }

        return model.Classification is { } results
            ? Page.Write(model.Title, ClassificationHeadline.Write(model, results),
            [
                ("members", "Members", ClassifiersSection.Write(model, results)),
                ("confusion", "Confusion matrix", ConfusionSection.Write(model, results)),
                ("rates", "ROC and precision-recall", RatesSection.Write(model, results)),
                ("curves", "Learning curves", CurvesSection.Write(model)),
                ("cases", "Worst cases", ClassifiedCasesSection.Write(model, results)),
                .. OfEveryTask(model),
            ]).ToString()
            : Page.Write(model.Title, HeadlineSection.Write(model),
            [
                ("members", "Members", MembersSection.Write(model)),
                ("ensemble", "Ensemble", EnsembleSection.Write(model)),
                ("classes", "Classes", ClassesSection.Write(model)),
                ("metrics", "Metrics", MetricsSection.Write(model)),
                ("errors", "Errors", ErrorsSection.Write(model)),
                ("curves", "Learning curves", CurvesSection.Write(model)),
                ("cases", "Worst cases", OverlaysSection.Write(model)),
                .. OfEveryTask(model),
            ]).ToString();
    }

    private static IEnumerable<(string Id, string Title, Html Body)> OfEveryTask(ReportModel model) =>
    [
        ("labels", "Labels", CountsSection.Write(model)),
        ("findings", "Findings in the data", FindingsSection.Write(model)),
        ("settings", "Settings", FactsSection.Write(model)),
        ("plan", "Plan", PlanSection.Write(model)),
        ("files", "Files", FilesSection.Write(model)),
    ];
}
