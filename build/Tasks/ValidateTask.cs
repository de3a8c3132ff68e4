using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <inheritdoc cref="ValidateStage" />
[TaskName("Validate")]
[TaskDescription("Predicts each fold's validation cases with its own networks; thresholds, views and members are chosen by them")]
[IsDependentOn(typeof(TrainTask))]
public sealed class ValidateTask : StageTask<ValidateStage>;
