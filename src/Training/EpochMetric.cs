using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Metrics;

namespace Osteon.Training;

/// <summary>A number that epochs are compared by, and which way it is better.</summary>
/// <param name="Name">loss, train_loss, a metric, or METRIC/CLASS.</param>
/// <param name="Mode">Which way.</param>
public sealed record EpochMetric(string Name, MetricMode Mode)
{
    private const string Loss = "loss";
    private const string TrainLoss = "train_loss";

    /// <summary>What train.best asks for.</summary>
    public static EpochMetric Of(BestPlan best) => Of(best.Metric, best.Mode);

    /// <summary>What train.early_stopping asks for.</summary>
    public static EpochMetric Of(EarlyStoppingPlan stopping, BestPlan best) =>
        stopping.Metric is { } metric ? Of(metric, stopping.Mode) : Of(best.Metric, stopping.Mode ?? best.Mode);

    /// <summary>What can be measured of a task's predictions.</summary>
    public static IReadOnlyList<string> NamesOf(ExperimentTask? task) => task == ExperimentTask.Classification ? ClassificationScores.Names : CaseMetrics.Names;

    /// <summary>What is measured after every epoch: what every training of a task tells, and whatever the plan asks for.</summary>
    public static IReadOnlyList<string> Measured(TrainPlan plan, ExperimentTask? task = null) =>
    [
        .. (task == ExperimentTask.Classification ? ["roc_auc", "accuracy", "balanced_accuracy", "precision", "recall", "f1"] : new[] { "dice", "iou" }).Concat(plan.Metrics)
            .Concat(new[] { plan.Best.Metric, plan.EarlyStopping?.Metric }.OfType<string>().Select(name => Split(name).Metric).Where(name => name is not (Loss or TrainLoss)))
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Why a name is none, to be put behind it; null when it is one.</summary>
    /// <param name="name">As written.</param>
    /// <param name="classes">The experiment's; empty when they are not known yet.</param>
    /// <param name="task">What is learnt.</param>
    public static string? WhyNot(string name, IReadOnlyList<string> classes, ExperimentTask? task = null)
    {
        var ((metric, @class), known) = (Split(name), NamesOf(task));
        return (@class is null && metric is Loss or TrainLoss) || known.Contains(metric)
            ? @class is null || classes.Count == 0 || classes.Contains(@class) ? null : $"is '{name}', but there is no class '{@class}'. Classes: {string.Join(", ", classes)}."
            : $"is '{name}'. Allowed: {Loss}, {TrainLoss}, {string.Join(", ", known)}, or one of these with a class behind it, as in {(task == ExperimentTask.Classification ? "f1" : "dice")}/{(classes.Count > 0 ? classes[0] : "femur")}.";
    }

    /// <summary>The number of an epoch; NaN where there is none.</summary>
    public double Of(EpochRecord epoch, IReadOnlyList<string> classes)
    {
        var (metric, @class) = Split(Name);
        return metric switch
        {
            Loss => epoch.ValidationLoss,
            TrainLoss => epoch.TrainLoss,
            _ when @class is null => epoch.Mean(metric),
            _ => epoch.Of(metric)[classes.ToList().IndexOf(@class)],
        };
    }

    /// <summary>Whether a is better than b, by more than a margin; a number is better than none.</summary>
    public bool IsBetter(double a, double b, double margin = 0) =>
        !double.IsNaN(a) && (double.IsNaN(b) || (Mode == MetricMode.Max ? a - margin > b : a + margin < b));

    /// <summary>The best epoch of a history, from 1, the first of equals; 0 when there is none.</summary>
    public int Best(IReadOnlyList<EpochRecord> history, IReadOnlyList<string> classes)
    {
        var best = Math.Min(history.Count, 1);
        for (var i = 1; i < history.Count; i++)
        {
            best = IsBetter(Of(history[i], classes), Of(history[best - 1], classes)) ? i + 1 : best;
        }

        return best;
    }

    private static EpochMetric Of(string name, MetricMode? mode) =>
        new(name, mode ?? (Split(name).Metric is Loss or TrainLoss || CaseMetrics.IsCost(Split(name).Metric) ? MetricMode.Min : MetricMode.Max));

    private static (string Metric, string? Class) Split(string name) =>
        name.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? (name[..slash], name[(slash + 1)..]) : (name, null);
}
