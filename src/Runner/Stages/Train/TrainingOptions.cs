using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using Osteon.Training;

namespace Osteon.Runner;

/// <summary>Binds the choices of train.optimizer, train.schedule and train.sampler to their records.</summary>
internal static class TrainingOptions
{
    /// <summary>What can be named there.</summary>
    public static IReadOnlyList<BuiltInChoices> All { get; } =
    [
        new("train.optimizer", typeof(OptimizerOptions)),
        new("train.schedule", typeof(ScheduleOptions)),
        new("train.sampler", typeof(SamplerOptions)),
        new("sweep.strategy", typeof(SweepStrategy)),
    ];

    public static OptimizerOptions Optimizer(Choice choice) => OptionsBinder.Bind<OptimizerOptions>("train.optimizer", choice);

    public static ScheduleOptions Schedule(Choice choice) => OptionsBinder.Bind<ScheduleOptions>("train.schedule", choice);

    public static SamplerOptions Sampler(Choice choice) => OptionsBinder.Bind<SamplerOptions>("train.sampler", choice);

    /// <summary>Why the two, each right by itself, do not go together; none when they do.</summary>
    public static IEnumerable<string> Clashes(LoadedPlan loaded)
    {
        var train = loaded.Plan.Train;
        var path = $"train.schedule.{train.Schedule.Name}";
        return Schedule(train.Schedule).ClashWith(Optimizer(train.Optimizer)) is { } clash ? [$"{loaded.MarkOf(path)}: {path} {clash}"] : [];
    }
}
