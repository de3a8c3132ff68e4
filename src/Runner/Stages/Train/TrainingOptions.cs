using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;
using Osteon.Training;

namespace Osteon.Runner;

/// <summary>Binds the choices of train.optimizer, train.schedule and train.sampler to their records.</summary>
internal static class TrainingOptions
{
    /// <summary>What can be named there.</summary>
    public static IReadOnlyList<BuiltInChoices> All { get; } =
    [
        new("labels", typeof(LabelSource)),
        new("train.optimizer", typeof(OptimizerOptions)),
        new("train.schedule", typeof(ScheduleOptions)),
        new("train.sampler", typeof(SamplerOptions)),
        new("sweep.strategy", typeof(SweepStrategy)),
        new("plan", typeof(PlannerOptions)),
    ];

    public static OptimizerOptions Optimizer(Choice choice) => OptionsBinder.Bind<OptimizerOptions>("train.optimizer", choice);

    public static ScheduleOptions Schedule(Choice choice) => OptionsBinder.Bind<ScheduleOptions>("train.schedule", choice);

    public static SamplerOptions Sampler(Choice choice) => OptionsBinder.Bind<SamplerOptions>("train.sampler", choice);

    /// <summary>What is right by itself and does not go together; none when all does.</summary>
    public static IEnumerable<string> Clashes(LoadedPlan loaded, PluginCatalog plugins)
    {
        var train = loaded.Plan.Train;
        var task = loaded.Plan.Task;
        var classes = task == ExperimentTask.Classification ? LabelSource.Of(loaded.Plan).Named
            : loaded.Plan.Data.Classes.Count > 0 ? loaded.Plan.Data.Classes : plugins.Create<DatasetFormat>(loaded.Plan.Data.Format).Classes;
        var schedule = $"train.schedule.{train.Schedule.Name}";
        return
        [
            .. Fault(schedule, Schedule(train.Schedule).ClashWith(Optimizer(train.Optimizer))),
            .. Fault("train.best.metric", EpochMetric.WhyNot(train.Best.Metric, classes, task)),
            .. Fault("train.early_stopping.metric", train.EarlyStopping?.Metric is { } metric ? EpochMetric.WhyNot(metric, classes, task) : null),
            .. TrainLosses.Clashes(train, plugins, classes.Count).SelectMany(fault => Fault("train.class_weights", fault)),
        ];

        IEnumerable<string> Fault(string path, string? what) => what is null ? [] : [$"{loaded.MarkOf(path)}: {path} {what}"];
    }
}
