using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using Osteon.Training;

namespace Osteon.Runner;

/// <summary>Binds the choices of train.optimizer and train.schedule to their records.</summary>
internal static class TrainingOptions
{
    /// <summary>Options by name, of everything that can be named there.</summary>
    public static IReadOnlyList<BuiltInChoices> All { get; } =
    [
        new("train.optimizer", Optimizers.Options),
        new("train.schedule", Schedules.Options),
    ];

    public static object Optimizer(Choice choice) => OptionsBinder.Bind("train.optimizer", choice.Options, Optimizers.Options[choice.Name]);

    public static ScheduleOptions Schedule(Choice choice) =>
        Schedules.Checked((ScheduleOptions)OptionsBinder.Bind("train.schedule", choice.Options, Schedules.Options[choice.Name]));
}
